import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Random } from "../base/index.ts";
import { auc, roc, tprAtFpr } from "./index.ts";
import { expectCoverage, holds } from "./testing/coverage.ts";

const samples = fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true })), fc.boolean()), {
  minLength: 1,
  maxLength: 60,
});
const apart = (sample: readonly (readonly [number, boolean])[]) =>
  [sample.map(([score]) => score), sample.map(([, positive]) => positive)] as const;

/** Scores of `m` positives, shifted, and `n` negatives; rounded, so that there are ties, when asked. */
function shifted(random: Random, m: number, n: number, shift: number, step = 0) {
  const round = (score: number) => (step === 0 ? score : Math.round(score / step) * step);
  const scores = Float64Array.from({ length: m + n }, (_, row) => round(random.normal() + (row < m ? shift : 0)));
  return { scores, positives: Uint8Array.from({ length: m + n }, (_, row) => (row < m ? 1 : 0)) };
}

describe("the area under the curve", () => {
  it("is a share with its interval around it, and turns over with the labels", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const [scores, positives] = apart(sample);
        const area = auc(scores, positives);
        expect(area === null).toBe(new Set(positives).size < 2);
        if (area === null) return;
        expect(area.low >= 0 && holds(area, area.value) && area.high <= 1).toBe(true);
        const turned = auc(
          scores,
          positives.map((positive) => !positive),
        );
        expect(area.value + (turned?.value ?? 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("is not certain after perfect separation, and not known at all from a single positive", () => {
    expect(auc([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])).toMatchObject({ value: 1, high: 1, low: expect.closeTo(0.025 ** (1 / 3), 9) });
    expect(auc([1, 2, 3], [0, 0, 1])).toMatchObject({ value: 1, low: 0, high: 1 });
    expect(auc(new Array(100).fill(0.5), [...new Array(50).fill(0), ...new Array(50).fill(1)])?.high).toBeGreaterThan(0.52);
  });

  it("lies in its interval in about 95 % of samples, with an effect, without, and with ties", () => {
    const truth = normalCdf(0.8 / Math.SQRT2, 0, 1);
    expectCoverage(0.94, 900, "effect", (random) => {
      const { scores, positives } = shifted(random, 60, 90, 0.8);
      return holds(auc(scores, positives), truth);
    });
    expectCoverage(0.94, 900, "null", (random) => {
      const { scores, positives } = shifted(random, 60, 90, 0, 1);
      return holds(auc(scores, positives), 0.5);
    });
  });

  it.each([
    [30, 30],
    [20, 500],
    [5, 500],
  ])("lies above the interval's lower end where it is large, or where positives are few: %i among %i", (m, n) => {
    const shift = normalQuantile(0.95, 0, 1) * Math.SQRT2;
    // DeLong's alone lies wholly above the true area in 15 to 35 of 100 such samples.
    expectCoverage(0.975, 600, `large ${m}`, (random) => {
      const { scores, positives } = shifted(random, m, n, shift);
      return (auc(scores, positives)?.low ?? 1) <= 0.95;
    });
  });

  it("refuses scores that are no numbers", () => {
    expect(() => auc([1, Number.NaN], [0, 1])).toThrow(RangeError);
  });
});

describe("the ROC curve", () => {
  it("rises from (0, 0) to (1, 1) in at most as many points as asked for", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 2, max: 20 }), (sample, most) => {
        const points = roc(...apart(sample), most);
        if (points === null) return;
        expect(points.length).toBeLessThanOrEqual(most);
        expect(points[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 });
        expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
        for (const [at, point] of points.entries()) {
          expect(point.truePositiveRate).toBeGreaterThanOrEqual(points[at - 1]?.truePositiveRate ?? 0);
          expect(point.falsePositiveRate).toBeGreaterThanOrEqual(points[at - 1]?.falsePositiveRate ?? 0);
        }
      }),
    );
  });
});

describe("the true-positive rate at a false-positive rate", () => {
  it("lies in its interval in at least 95 % of samples, though the threshold is estimated from few negatives", () => {
    const truth = 1 - normalCdf(normalQuantile(0.95, 0, 1) - 1, 0, 1);
    expectCoverage(0.95, 900, "tpr", (random) => {
      const { scores, positives } = shifted(random, 200, 100, 1);
      return holds(tprAtFpr(scores, positives, 0.05), truth);
    });
  });

  it("is the false-positive rate itself for scores that tell nothing, ties or not", () => {
    for (const step of [0, 0.5, 100]) {
      const share = expectCoverage(0.95, 500, `useless ${step}`, (random) => {
        const { scores, positives } = shifted(random, 300, 300, 0, step);
        return holds(tprAtFpr(scores, positives, 0.1), 0.1);
      });
      expect(share).toBeGreaterThan(0.95);
    }
    expect(tprAtFpr(new Array(20).fill(1), [...new Array(10).fill(0), ...new Array(10).fill(1)], 0.1)?.value).toBeCloseTo(0.1, 12);
  });

  it("has no lower limit where the negatives are too few to find the threshold", () => {
    const scores = [...new Array(50).fill(0).map((_, at) => at), ...new Array(50).fill(100)];
    const positives = scores.map((score) => score === 100);
    expect(tprAtFpr(scores, positives, 0.01)).toMatchObject({ value: 1, low: 0, high: 1 });
  });
});
