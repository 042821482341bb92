import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { discoveryRates, fisherGreater } from "./index.ts";

type Pair = readonly [number, number];

/** fixtures/tensor/make_discoveries.py: SciPy and statsmodels. */
const { fisher, rates } = JSON.parse(readFileSync(new URL("../../vectors/tensor/discoveries.json", import.meta.url), "utf8")) as {
  readonly fisher: readonly { first: Pair; second: Pair; p: number }[];
  readonly rates: readonly { p: number[]; yekutieli: number[] }[];
};
const count = ([successes, n]: Pair) => ({ successes, n });

describe("Fisher's exact test", () => {
  it.each(fisher)("of $first against $second is SciPy's", ({ first, second, p }) => {
    const ours = fisherGreater(count(first), count(second));
    if (p > 1e-300) expect(ours / p).toBeCloseTo(1, 7);
    else expect(ours).toBeLessThan(1e-290);
  });

  it("says nothing where one side has no trials", () => {
    expect(fisherGreater({ successes: 0, n: 0 }, { successes: 3, n: 9 })).toBeCloseTo(1, 12);
    expect(fisherGreater({ successes: 3, n: 9 }, { successes: 0, n: 0 })).toBeCloseTo(1, 12);
  });
});

describe("false-discovery rates", () => {
  it.each(rates)("of $p are statsmodels'", ({ p, yekutieli }) => {
    expect(discoveryRates(p).length).toBe(p.length);
    for (const [at, rate] of discoveryRates(p).entries()) expect(rate).toBeCloseTo(yekutieli[at] ?? Number.NaN, 12);
  });

  it("of nothing are nothing", () => {
    expect(discoveryRates([])).toEqual([]);
  });
});
