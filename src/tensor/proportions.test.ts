import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialCdf, drawBinomial } from "./binomial.ts";
import {
  clopperPearson,
  differenceOf,
  exactBinomialLower,
  exactBinomialUpper,
  type Interval,
  ratioOf,
  simultaneousDifferences,
  simultaneousRatios,
  wilson,
} from "./index.ts";
import { expectCoverage, holds } from "./testing/coverage.ts";

/** Of a count with trials. */
function exact({ successes, n }: { successes: number; n: number }): Interval {
  const interval = clopperPearson(successes, n);
  if (interval === null) throw new Error("no trials");
  return interval;
}

const counts = fc.integer({ min: 1, max: 2000 }).chain((n) => fc.record({ successes: fc.integer({ min: 0, max: n }), n: fc.constant(n) }));

/** The exact probability that the interval holds `p`, summed over all outcomes of `n` trials. */
function exactCoverage(interval: (successes: number, n: number) => Interval | null, n: number, p: number): number {
  const cdf = binomialCdf(n, p);
  return Array.from(cdf, (upTo, k) => (holds(interval(k, n), p) ? upTo - (cdf[k - 1] ?? 0) : 0)).reduce((sum, each) => sum + each, 0);
}

describe("an interval of a proportion", () => {
  it("holds its estimate and stays within 0 and 1", () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.5, 0.9, 0.95, 0.9999), ({ successes, n }, confidence) => {
        for (const interval of [wilson(successes, n, confidence), clopperPearson(successes, n, confidence)] as Interval[]) {
          expect(0 <= interval.low && interval.low <= interval.value && interval.value <= interval.high && interval.high <= 1).toBe(true);
        }
      }),
    );
  });

  it("of Clopper and Pearson covers at least its confidence, whatever the proportion: computed, not simulated", () => {
    for (const n of [1, 2, 7, 30]) {
      for (let p = 0.01; p < 1; p += 0.01) expect(exactCoverage(clopperPearson, n, p)).toBeGreaterThanOrEqual(0.95 - 1e-9);
    }
  });

  it("of Wilson covers 95 % on average over the proportions", () => {
    const grid = Array.from({ length: 999 }, (_, at) => (at + 1) / 1000);
    const average = grid.reduce((sum, p) => sum + exactCoverage(wilson, 40, p), 0) / grid.length;
    expect(average).toBeGreaterThan(0.945);
    expect(average).toBeLessThan(0.96);
  });

  it("is unknown without trials", () => {
    expect([wilson(0, 0), clopperPearson(0, 0)]).toEqual([null, null]);
    expect([exactBinomialLower(0, 0), exactBinomialUpper(0, 0)]).toEqual([0, 1]);
  });

  it("has, without a success in n trials, the rule of three's upper limit", () => {
    expect(exactBinomialUpper(0, 3000)).toBeCloseTo(3 / 3000, 5);
    expect(exactBinomialUpper(0, 59)).toBeCloseTo(1 - 0.05 ** (1 / 59), 12);
  });
});

describe("the difference of two proportions", () => {
  it("changes its sign, and its limits their sides, when the groups change places", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [one, other] = [differenceOf(exact(a), exact(b)), differenceOf(exact(b), exact(a))];
        expect(one.low).toBeCloseTo(-other.high, 12);
        expect(one.high).toBeCloseTo(-other.low, 12);
      }),
    );
  });
});

describe("all pairs of groups", () => {
  const groups = [
    { name: "a", successes: 80, n: 100 },
    { name: "none", successes: 0, n: 0 },
    { name: "b", successes: 60, n: 100 },
    { name: "tiny", successes: 3, n: 4 },
  ];

  it("are compared once each, the higher estimate first; who has no trials is named apart", () => {
    const { pairs, empty, comparisons, pairConfidence } = simultaneousDifferences(groups);
    expect(pairs.map(({ higher, lower }) => `${higher.name}-${lower.name}`)).toEqual(["a-b", "tiny-b", "a-tiny"]);
    expect(pairs[0]).toMatchObject({ n: 200, value: expect.closeTo(0.2, 12) });
    expect([empty, comparisons]).toEqual([["none"], 3]);
    expect(pairConfidence).toBeCloseTo(1 - 0.05 / 3, 12);
  });

  it("get wider intervals when they are to hold together with others", () => {
    const [alone] = simultaneousDifferences(groups).pairs;
    const [beside] = simultaneousDifferences(groups, { comparisons: 30 }).pairs;
    expect(beside?.high).toBeGreaterThan(alone?.high ?? 1);
    expect(beside?.low).toBeLessThan(alone?.low ?? -1);
  });

  it("have no ratio where neither has a success, and one from 0 where the lower has none", () => {
    const { pairs, undefinedPairs } = simultaneousRatios([
      { name: "never", successes: 0, n: 50 },
      { name: "nor", successes: 0, n: 70 },
      { name: "often", successes: 40, n: 80 },
    ]);
    expect(undefinedPairs).toEqual([["never", "nor"]]);
    expect(pairs.map(({ value, low }) => [value, low])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(pairs.every(({ high }) => high > 0 && high < 0.3)).toBe(true);
  });

  it("hold the truth together in 95 % of samples, small groups included", () => {
    const sizes = [300, 150, 60, 25];
    const truth = [0.8, 0.8, 0.7, 0.9];
    const draw = (random: Parameters<typeof drawBinomial>[2]) =>
      sizes.map((n, at) => ({ name: String(at), n, successes: drawBinomial(n, truth[at] ?? 0, random) }));
    const of = ({ name }: { name: string }) => truth[Number(name)] ?? Number.NaN;
    expectCoverage(0.95, 1200, "differences", (random) =>
      simultaneousDifferences(draw(random)).pairs.every(
        ({ higher, lower, low, high }) => low <= of(higher) - of(lower) && of(higher) - of(lower) <= high,
      ),
    );
    expectCoverage(0.95, 1200, "ratios", (random) =>
      simultaneousRatios(draw(random)).pairs.every(
        ({ higher, lower, low, high }) => low <= of(lower) / of(higher) && of(lower) / of(higher) <= high,
      ),
    );
  });
});

describe("two groups of which one is small", () => {
  /** The exact probability that the pair's interval misses the truth, over all outcomes. */
  function missed(
    compare: typeof simultaneousDifferences,
    sizes: readonly [number, number],
    p: number,
    comparisons: number,
    truth: number,
  ) {
    const chance = sizes.map((n) => Array.from(binomialCdf(n, p), (upTo, k, cdf = binomialCdf(n, p)) => upTo - (cdf[k - 1] ?? 0)));
    let missing = 0;
    for (let a = 0; a <= sizes[0]; a++) {
      for (let b = 0; b <= sizes[1]; b++) {
        const probability = (chance[0]?.[a] ?? 0) * (chance[1]?.[b] ?? 0);
        if (probability < 1e-9) continue;
        const rates = [
          { name: "a", successes: a, n: sizes[0] },
          { name: "b", successes: b, n: sizes[1] },
        ];
        const [pair] = compare(rates, { comparisons }).pairs;
        if (pair !== undefined && (pair.low > truth || pair.high < truth)) missing += probability;
      }
    }
    return missing;
  }

  it.each([1, 2, 5, 20])(
    "of %i rows are called different no more often than promised, at the error of one pair or of one among many",
    (small) => {
      for (const comparisons of [1, 11, 100])
        for (const p of [0.02, 0.1, 0.5, 0.95]) {
          const message = `${comparisons} comparisons at ${p}`;
          expect(missed(simultaneousDifferences, [small, 60], p, comparisons, 0), message).toBeLessThanOrEqual(0.05 / comparisons);
          expect(missed(simultaneousRatios, [small, 60], p, comparisons, 1), message).toBeLessThanOrEqual(0.05 / comparisons);
        }
    },
  );
});

describe("the ratio of two proportions", () => {
  it("holds its estimate; the interval of the inverse is the inverse", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const ratio = ratioOf(exact(a), exact(b));
        expect(ratio === null).toBe(b.successes === 0);
        if (ratio === null) return;
        expect(ratio.low <= ratio.value && ratio.value <= ratio.high).toBe(true);
        const inverse = ratioOf(exact(b), exact(a));
        if (inverse === null || inverse.low === 0) return;
        expect(ratio.low * inverse.high).toBeCloseTo(1, 6);
      }),
    );
  });

  it("holds the truth in about 95 % of samples where rates are small", () => {
    expectCoverage(0.94, 1200, "small rates", (random) => {
      const [a, b] = [drawBinomial(120, 0.03, random), drawBinomial(200, 0.05, random)];
      return b === 0 || holds(ratioOf(exact({ successes: a, n: 120 }), exact({ successes: b, n: 200 })), 0.6);
    });
  });
});
