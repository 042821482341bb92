import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import { drawn, people, rates } from "../../testing/people.ts";
import { type Comparison, difference, ratio } from "./comparisons.ts";
import { judgePairs } from "./judge.ts";
import { measurePairs } from "./measure.ts";

const counts = fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const column = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), counts, { minKeys: 1, maxKeys: 6, noNullPrototype: true });

/** The furthest two estimates: what a verdict may never contradict. */
const extreme = (measured: ReturnType<typeof measurePairs>, pick: (...values: number[]) => number) =>
  pick(...measured.measures.filter(({ of }) => of?.lower !== undefined).map(({ value }) => value));

describe.each([
  ["differences", difference, 0.3],
  ["ratios", ratio, 0.6],
] as const)("%s of all pairs", (_name, comparison: Comparison, limit) => {
  it("give finite numbers and a verdict that no estimate contradicts, whatever the counts", () => {
    fc.assert(
      fc.property(column, column, (first, second) => {
        const all = [...rates(first, { column: "a" }), ...rates(second, { column: "b" })];
        const measured = measurePairs(people(all), ["true-positive-rate", "false-positive-rate"], comparison);
        for (const { value, low = value, high = value } of measured.measures) {
          expect([value, low, high].every(Number.isFinite)).toBe(true);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
        const verdict = judgePairs(JSON.parse(JSON.stringify(measured)), limit, comparison, "change it");
        const furthest = comparison.better === "low" ? extreme(measured, Math.max) : extreme(measured, Math.min);
        const beyond = comparison.beyond({ low: furthest, high: furthest }, limit);
        if (verdict.verdict === "met") expect(beyond).toBe(false);
        if (verdict.verdict === "unmet") expect(beyond).toBe(true);
        if (verdict.verdict === "undecided") expect(verdict.remedy).toBeTruthy();
      }),
      { numRuns: 300 },
    );
  });

  it("hold the true distances of all pairs together as often as they promise, small groups and large", () => {
    const truth = { a: [0.7, 300], b: [0.75, 120], c: [0.6, 25] } as const;
    const seeds = 400;
    let held = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const random = seededRandom(seed, "joint");
      const sample = Object.fromEntries(Object.entries(truth).map(([name, [rate, n]]) => [name, [drawn(rate, n, random), n] as const]));
      const { measures } = measurePairs(people(rates(sample)), ["true-positive-rate"], comparison);
      const pairs = measures.filter(({ of }) => of?.lower !== undefined);
      const all = pairs.every(({ of, low = 0, high = 1 }) => {
        const [p, q] = [truth[of?.lower as keyof typeof truth][0], truth[of?.upper as keyof typeof truth][0]];
        const distance = comparison.measure === "gap" ? Math.abs(p - q) : Math.min(p / q, q / p);
        return low <= distance && distance <= high;
      });
      if (all) held++;
    }
    expect(clopperPearson(held, seeds, 0.99)?.high).toBeGreaterThanOrEqual(0.95);
  });
});
