import { textOf } from "../../onnx/index.ts";
import { NoGradient } from "../missing.ts";
import type { Builder, Value } from "../pullback.ts";
import { type Row, row } from "./rows.ts";

interface Equation {
  readonly terms: readonly string[];
  readonly result: string;
}

export const einsum = {
  Einsum: row((given) => {
    const equation = parsed(given);
    return given.node.inputs.map((_, at) => ofOperand(given, equation, at));
  }),
};

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];

/** The equation with letters for what an ellipsis stands for, and with its result. */
function parsed({ node, m }: Row): Equation {
  const [left = "", right] = textOf(node, "equation", "").replaceAll(/\s/g, "").split("->");
  const spare = letters.filter((letter) => !left.includes(letter));
  const terms = left.split(",");
  const widths = terms.map((term, at) => (term.includes("...") ? m.dims(node.inputs[at] ?? "").length - (term.length - 3) : 0));
  const most = Math.max(...widths);
  const around = spare.slice(0, most).join("");
  const written = terms.map((term, at) => term.replace("...", around.slice(most - (widths[at] ?? 0))));
  const once = [...left.replaceAll(/[.,]/g, "")].filter((letter, _, all) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  const result = (right ?? `${left.includes("...") ? "..." : ""}${once.join("")}`).replace("...", around);
  return { terms: written, result };
}

/** The product of dy and the other operands, over this one's letters; what only this one has was summed, so it repeats. */
function ofOperand({ m, pulled, node, dy }: Row, { terms, result }: Equation, at: number): Value {
  const { build } = pulled;
  const own = terms[at] ?? "";
  const dims = m.dims(node.inputs[at] ?? "");
  const { plain, twins } = untangled(own, [...terms, result].join(""));
  const others = node.inputs.flatMap((input, other) => (other === at ? [] : [{ value: input, term: terms[other] ?? "" }]));
  const eyes = twins.map(({ pair, axis }) => ({ value: identity(build, dims[axis] ?? 1, dy), term: pair }));
  const operands = [{ value: dy, term: result }, ...others, ...eyes];
  const reached = [...plain].filter((letter) => operands.some(({ term }) => term.includes(letter)));
  const equation = `${operands.map(({ term }) => term).join(",")}->${reached.join("")}`;
  const product = build.add("Einsum", operands.map(({ value }) => value), { equation }); // biome-ignore format: one call
  // A letter of length 1 here may be longer elsewhere: then it was repeated, and is summed.
  const wide = [...plain].map((letter) => (reached.includes(letter) ? (m.dims(product)[reached.indexOf(letter)] ?? 1) : 1));
  const summed = m.sum(m.reshape(product, wide), ...wide.flatMap((dim, axis) => (dim !== 1 && dims[axis] === 1 ? [axis] : [])));
  return m.expand(summed, dims);
}

/** A letter that stands twice in a term means its diagonal: the second gets a letter of its own, and an identity matrix between them. */
function untangled(term: string, taken: string) {
  const spare = letters.filter((letter) => !taken.includes(letter));
  const twins: { pair: string; axis: number }[] = [];
  const plain = [...term].map((letter, axis) => {
    if (term.indexOf(letter) === axis) return letter;
    const other = spare.pop();
    if (other === undefined) throw new NoGradient("its equation uses every letter");
    twins.push({ pair: `${letter}${other}`, axis });
    return other;
  });
  return { plain: plain.join(""), twins };
}

function identity(build: Builder, size: number, like: Value): Value {
  const values = Float32Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  return build.constant(values, [size, size], build.known(like).element);
}
