import { repeated } from "../numbers.ts";
import type { Builder, Value } from "../pullback.ts";
import type { Lowering } from "./lowering.ts";

/**
 * The sigmoid as some exporters write it, 1 / (1 + exp(x)): where exp overflows, its value is right and its gradient is zero times infinity.
 */
export const patterns: Readonly<Record<string, Lowering>> = {
  Reciprocal: ({ node, build }) => sigmoid(build, node.inputs[0] ?? ""),
  Div: ({ node, build }) => {
    const [one = "", whole = ""] = node.inputs;
    const isPlain =
      repeated(build.known(one).constant) === 1 && build.known(node.outputs[0] ?? "").dims.join() === build.known(whole).dims.join();
    return isPlain ? sigmoid(build, whole) : null;
  },
  Mul: ({ node, build }) => gelu(build, node.inputs),
};

/** x (1 + erf(x / sqrt 2)) / 2, its factors in any order: one operator, and one kept value instead of four. */
function gelu(build: Builder, [a = "", b = ""]: readonly Value[]): readonly Value[] | null {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const inner = build.maker(one);
    if (inner?.op !== "Mul" || inner.domain !== "") continue;
    const three = [...inner.inputs, other];
    const half = three.findIndex((value) => isNear(build, value, 0.5));
    const [p = "", q = ""] = three.filter((_, at) => at !== half);
    const x = half < 0 ? null : build.maker(q)?.op === "Add" && isNormal(build, p, q) ? p : isNormal(build, q, p) ? q : null;
    if (x !== null && build.known(x).element === "float32") return [build.add("Gelu", [x])];
  }
  return null;
}

/** Whether a value is 1 + erf(x / sqrt 2). */
function isNormal(build: Builder, x: Value, value: Value): boolean {
  const [erf, one] = sides(build, value, "Add", "Erf");
  const inner = build.maker(erf)?.inputs[0] ?? "";
  const scaled = build.maker(inner);
  if (!isNear(build, one, 1) || scaled === undefined || scaled.domain !== "") return false;
  const [p = "", q = ""] = scaled.inputs;
  if (scaled.op === "Div") return p === x && isNear(build, q, Math.SQRT2);
  return scaled.op === "Mul" && ((p === x && isNear(build, q, Math.SQRT1_2)) || (q === x && isNear(build, p, Math.SQRT1_2)));
}

/** The operands of a node of two, that which `first` makes first; empty where there is none. */
function sides(build: Builder, value: Value, op: string, first: string): readonly [Value, Value] {
  const maker = build.maker(value);
  const [a = "", b = ""] = maker?.op === op && maker.domain === "" ? maker.inputs : [];
  if (build.maker(a)?.op === first) return [a, b];
  return build.maker(b)?.op === first ? [b, a] : ["", ""];
}

/** Whether a value is one number, to the rounding of float32. */
function isNear(build: Builder, value: Value, expected: number): boolean {
  if (value === "") return false;
  const { constant, dims } = build.known(value);
  const number = dims.every((dim) => dim === 1) ? repeated(constant) : null;
  return number !== null && Math.abs(number - expected) <= 1e-6 * expected;
}

/** Of 1 + exp(x): the sigmoid of -x. */
function sigmoid(build: Builder, whole: Value): readonly Value[] | null {
  const sum = build.maker(whole);
  if (sum?.op !== "Add" || sum.domain !== "") return null;
  const [a = "", b = ""] = sum.inputs;
  const [power, one] = build.maker(a)?.op === "Exp" ? [a, b] : [b, a];
  const made = build.maker(power);
  const isPlain =
    made?.op === "Exp" && repeated(build.known(one).constant) === 1 && build.known(power).dims.join() === build.known(whole).dims.join();
  return isPlain ? [build.add("Sigmoid", [build.add("Neg", [made.inputs[0] ?? ""])])] : null;
}
