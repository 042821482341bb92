import { quoted } from "../base/index.ts";
import type { Binding } from "./bind.ts";
import type { Port } from "./model.ts";
import { own } from "./own.ts";

type Sizes = readonly (number | null)[];

/** `null`, an open dimension, counts as 1. */
export const product = (sizes: Sizes): number => sizes.reduce<number>((whole, size) => whole * (size ?? 1), 1);

/** `[3, 224, ?]`. */
export const shapeText = (sizes: Sizes) => `[${sizes.map((size) => size ?? "?").join(", ")}]`;

/**
 * The shape that one row's values fill, row by row, in an input of more than two dimensions or of a declared shape; null where there is nothing
 * to say, or after a problem. A single open dimension follows from how many values there are.
 */
export function rowShape(binding: Binding, port: Port, given: number): readonly number[] | null {
  const stated = own(binding.declared.shapes ?? {}, port.name);
  if (stated !== undefined) return statedShape(binding, port, stated, given);
  return port.shape.length <= 2 ? null : impliedShape(binding, port, given);
}

function statedShape(binding: Binding, port: Port, stated: readonly number[], given: number) {
  const sizes = port.shape.slice(1);
  const fits = stated.length === sizes.length && sizes.every((size, at) => size === null || size === stated[at]);
  if (port.shape.length > 0 && !fits) {
    const what = `is of shape ${shapeText(sizes)} for each row, not ${shapeText(stated)}`;
    return mismatch(binding, port, "shapes", what, "Correct the shape, or leave it out.");
  }
  if (product(stated) === given) return stated;
  const what = `is declared as ${shapeText(stated)}, ${product(stated)} values for each row; ${given} are given`;
  return mismatch(binding, port, "shapes", what, "Name as many columns, or correct the shape.");
}

function impliedShape(binding: Binding, port: Port, given: number) {
  const sizes = port.shape.slice(1);
  const open = sizes.filter((size) => size === null).length;
  const length = given / product(sizes);
  if (open === 0) return length === 1 ? sizes.map((size) => size ?? 1) : null; // that their number differs is told elsewhere
  if (open === 1 && Number.isInteger(length)) return sizes.map((size) => size ?? length);
  const what = `leaves its shape ${shapeText(sizes)} open, and ${given} values for each row do not tell it`;
  return mismatch(binding, port, "inputs", what, `Say the shape of one row: \`shapes: { ${JSON.stringify(port.name)}: [...] }\`.`);
}

function mismatch({ declared, problem }: Binding, port: Port, part: "inputs" | "shapes", what: string, remedy: string): null {
  problem("MODEL_INPUT_MISMATCH", [part, port.name], `input ${quoted(port.name)} of model ${quoted(declared.model)} ${what}`, remedy);
  return null;
}
