import fc from "fast-check";
import { expect, it } from "vitest";
import { constant, int, int64s, ints, openSession, writeProgram } from "../onnx/index.ts";
import { differentiate } from "./differentiate.ts";
import { programOf } from "./testing/programs.ts";

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

/** Which operator, and which two of the values before it. */
const step = fc.tuple(fc.nat(makers.length - 1), fc.nat(), fc.nat());

it("a graph of any operators, values used as often as it likes, has the gradient that differences show", async () => {
  const constants = { two: int64s([2]), five: int64s([5]), one: int64s([1]), ones: int64s([1, 1, 1]) };
  const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), numbers, numbers, async (steps, x, along) => {
      const values = ["x"];
      const nodes = steps.flatMap(([op, a, b], at) => {
        const made = makers[op]?.(values[a % values.length] ?? "", values[b % values.length] ?? "", `v${at}`) ?? [];
        values.push(`v${at}`);
        return made;
      });
      const of = values.at(-1) ?? "";
      const program = programOf({ x: ["float64", [3, 3]] }, constants, nodes);
      const made = attempt(() => differentiate(program, { of, wrt: ["x"] }));
      if (made === null) return; // the last value does not depend on x, or only as x - x
      const session = await openSession(writeProgram(made), { threads: 1 });
      try {
        const run = (values: readonly number[]) => session.run({ x: constant("float64", [3, 3], Float64Array.from(values)) });
        const total = async (values: readonly number[]) =>
          Array.from((await run(values))[of]?.values as Float64Array).reduce((a, b) => a + b, 0);
        const slopes = (await run(x))["gradient/x"]?.values as Float64Array;
        const moved = (by: number) => x.map((each, at) => each + by * (along[at] ?? 0));
        const expected = (await total(moved(1e-5))) - (await total(moved(-1e-5)));
        const found = slopes.reduce((sum, slope, at) => sum + 2e-5 * slope * (along[at] ?? 0), 0);
        expect(Math.abs(found - expected)).toBeLessThan(1e-12 + 1e-5 * Math.abs(expected));
      } finally {
        await session.release();
      }
    }),
    { numRuns: 60 },
  );
});

function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if ((error as { code?: string }).code === "GRADIENT_BLOCKED") return null;
    throw error;
  }
}
