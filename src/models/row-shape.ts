import { quoted } from "../base/index.ts";
import type { Binding } from "./bind.ts";
import type { Port } from "./model.ts";
import { own } from "./own.ts";

export const product = (sizes: readonly (number | null)[]): number => sizes.reduce<number>((whole, size) => whole * (size ?? 1), 1);

/**
 * The shape that one row's values fill, row by row, in an input of more than two dimensions or of a declared shape; null where there is nothing
 * to say, or after a problem. A single open dimension follows from how many values there are.
 */
export function rowShape(binding: Binding, port: Port, given: number): readonly number[] | null {
  const { declared, problem } = binding;
  const stated = own(declared.shapes ?? {}, port.name);
  const sizes = port.shape.slice(1);
  const mismatch = (part: "inputs" | "shapes", what: string, remedy: string) => {
    problem("MODEL_INPUT_MISMATCH", [part, port.name], `input ${quoted(port.name)} of model ${quoted(declared.model)} ${what}`, remedy);
    return null;
  };
  if (stated !== undefined) {
    const fits =
      port.shape.length === 0 || (stated.length === sizes.length && sizes.every((size, at) => size === null || size === stated[at]));
    if (!fits)
      return mismatch(
        "shapes",
        `is of shape ${shapeText(sizes)} for each row, not ${shapeText(stated)}`,
        "Correct the shape, or leave it out.",
      );
    if (product(stated) === given) return stated;
    return mismatch(
      "shapes",
      `is declared as ${shapeText(stated)}, ${product(stated)} values for each row; ${given} are given`,
      "Name as many columns, or correct the shape.",
    );
  }
  if (port.shape.length <= 2) return null;
  const open = sizes.filter((size) => size === null).length;
  if (open === 0) return product(sizes) === given ? sizes.map((size) => size ?? 1) : null;
  const length = given / product(sizes);
  if (open === 1 && Number.isInteger(length)) return sizes.map((size) => size ?? length);
  return mismatch(
    "inputs",
    `leaves its shape ${shapeText(sizes)} open, and ${given} values for each row do not tell it`,
    `Say the shape of one row: \`shapes: { ${JSON.stringify(port.name)}: [...] }\`.`,
  );
}

/** `[3, 224, ?]`. */
export const shapeText = (sizes: readonly (number | null)[]) => `[${sizes.map((size) => size ?? "?").join(", ")}]`;
