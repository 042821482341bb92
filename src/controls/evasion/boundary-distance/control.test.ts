import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import type { Near } from "../../needs/evasion/near.ts";
import { testControl } from "../../testing/test-control.ts";
import { boundaryDistance } from "./control.ts";

/** `n` rows, each within the declared 0.1 with this probability and twice as far otherwise. */
const seen = (n: number, share: number, { random = seededRandom(n) as Random, isFree = true } = {}) => {
  const rows = Int32Array.from({ length: n }, (_, row) => 3 * row);
  const distances = Float64Array.from(rows, () =>
    random.uniform() < share ? 0.05 + 0.05 * random.uniform() : isFree ? 0.2 : Number.POSITIVE_INFINITY,
  );
  const near: Near = {
    ...{ size: { norm: "linf", eps: 0.1 }, classes: ["no", "yes"], rows, distances, isFree, tried: "fmn", queries: 80 * n },
    answers: rows.map((_, row) => row % 2),
    becomes: rows.map((_, row) => 1 - (row % 2)),
  };
  return { near, artefact: "dataset:d/train" };
};

testControl(boundaryDistance, {
  met: [{ ...seen(500, 0.2), reason: /carries .* of the training rows over the boundary; tried was fmn/ }],
  unmet: [seen(500, 0.8), { ...seen(500, 0.8, { isFree: false }), called: "by answers alone" }],
  undecided: [
    { ...seen(60, 0.5), called: "the interval holds the limit" },
    { ...seen(0, 0), called: "no row" },
  ],
  planted: {
    effect: (random) => seen(500, 0.6, { random }),
    null: (random) => seen(500, 0.5, { random }),
    found: 0.97,
    falseAlarms: 0.05,
  },
});

describe("what is measured", () => {
  it("counts rows within the declared size, the nearest first among the findings", async () => {
    const needs = seen(300, 0.4);
    const { measures, findings = [], findingsTotal } = await boundaryDistance.measure(needs);
    const within = needs.near.distances.filter((far) => far <= 0.1).toSorted();
    expect(measures[0]).toMatchObject({ ...clopperPearson(within.length, 300), name: "near-boundary" });
    expect(findingsTotal).toBe(within.length);
    const least = needs.near.distances.indexOf(within[0]!);
    expect(findings[0]).toMatchObject({ row: 3 * least, reason: expect.stringMatching(/^a change of 0\.05/) });
  });

  it("has a median and a curve only where distances beyond the size were looked for", async () => {
    const free = await boundaryDistance.measure(seen(301, 0.9));
    expect(free.measures[1]).toMatchObject({ name: "median-distance", n: 301 });
    expect(free.series?.[0]?.y.values.at(-1)).toBe(1);
    const bound = await boundaryDistance.measure(seen(301, 0.9, { isFree: false }));
    expect(bound.measures.length).toBe(1);
    expect(bound.series).toEqual([]);
  });
});
