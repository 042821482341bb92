import fc from "fast-check";
import { expect, it } from "vitest";
import { constant, openSession, writeProgram } from "../onnx/index.ts";
import { differentiate } from "./differentiate.ts";
import { programOf } from "./testing/programs.ts";
import { attempt, constants, graphOf, numbers, steps } from "./testing/random-graph.ts";

it("a graph of any operators, values used as often as it likes, has the gradient that differences show", async () => {
  await fc.assert(
    fc.asyncProperty(steps, numbers, numbers, async (given, x, along) => {
      const { of, nodes } = graphOf(given);
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
