import fc from "fast-check";
import { int, int64s, ints } from "../../onnx/index.ts";
import type { programOf } from "./programs.ts";

type Written = Parameters<typeof programOf>[2][number];

/** Smooth operators that take values of shape [3, 3] to one of that shape, or by several nodes; all in float64 in onnxruntime. */
const makers: readonly ((a: string, b: string, to: string) => readonly Written[])[] = [
  (a, _, to) => [["Tanh", [a], [to]]],
  (a, _, to) => [["Sigmoid", [a], [to]]],
  (a, _, to) => [["Softmax", [a], [to], { axis: int(1) }]],
  (a, _, to) => [["Transpose", [a], [to], { perm: ints([1, 0]) }]],
  (a, _, to) => [["Neg", [a], [to]]],
  (a, b, to) => [["Add", [a, b], [to]]],
  (a, b, to) => [["Sub", [a, b], [to]]],
  (a, b, to) => [["Mul", [a, b], [`${to}.m`]], ["Tanh", [`${to}.m`], [to]]], // biome-ignore format: a row
  (a, b, to) => [["MatMul", [a, b], [`${to}.m`]], ["Tanh", [`${to}.m`], [to]]], // biome-ignore format: a row
  (a, b, to) => [["Concat", [a, b], [`${to}.c`], { axis: int(0) }], ["Slice", [`${to}.c`, "two", "five"], [to]]], // biome-ignore format: a row
  (a, b, to) => [["ReduceMean", [a, "one"], [`${to}.r`], { keepdims: int(1) }], ["Add", [`${to}.r`, b], [to]]], // biome-ignore format: a row
  (a, b, to) => [["Split", [a, "ones"], [`${to}.p`, `${to}.q`, `${to}.s`], { axis: int(1) }], ["Add", [`${to}.q`, b], [to]]], // biome-ignore format: a row
];

/** Which operators, and which two of the values before it each takes. */
export const steps = fc.array(fc.tuple(fc.nat(makers.length - 1), fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 });

/** Nine numbers. */
export const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });

export const constants = { two: int64s([2]), five: int64s([5]), one: int64s([1]), ones: int64s([1, 1, 1]) };

/** A graph of `x`, and its last value. */
export function graphOf(given: readonly (readonly [op: number, a: number, b: number])[]): {
  readonly of: string;
  readonly nodes: readonly Written[];
} {
  const values = ["x"];
  const nodes = given.flatMap(([op, a, b], at) => {
    const made = makers[op]?.(values[a % values.length] ?? "", values[b % values.length] ?? "", `v${at}`) ?? [];
    values.push(`v${at}`);
    return made;
  });
  return { of: values.at(-1) ?? "", nodes };
}

/** What is made; null where the value does not depend on x, or only as x - x. */
export function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if ((error as { code?: string }).code === "GRADIENT_BLOCKED") return null;
    throw error;
  }
}
