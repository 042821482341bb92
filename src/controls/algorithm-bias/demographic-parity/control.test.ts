import { describe, expect, it } from "vitest";
import type { Random } from "../../../base/index.ts";
import { expectGroupRates, expectPairs, extremes, fairlearnBy, unsigned, vectorNeeds } from "../../testing/fairness-vector.ts";
import { drawn, people, rates } from "../../testing/people.ts";
import { testControl } from "../../testing/test-control.ts";
import { demographicParity } from "./control.ts";

type By = Parameters<typeof rates>[0];
/** Among refused as among deserving: the true label plays no part. */
const sex = (yes: By, no: By = {}) => people([...rates(yes), ...rates(no, { truth: "no" })]);

/** Two groups of 4,000 each, whose rates of favourable answers truly differ by `gap`. */
const planted = (gap: number) => (random: Random) => {
  return sex({ women: [drawn(0.3 - gap, 4000, random), 4000], men: [drawn(0.3, 4000, random), 4000] });
};

testControl(demographicParity, {
  met: [
    {
      called: "equal rates of large groups",
      ...sex({ women: [3000, 10_000], men: [3010, 10_000] }),
      reason: /no two groups' selection rates lie further apart than 1\.4 points/,
    },
    {
      called: "rates that agree although the labels do not",
      ...sex({ women: [3000, 3000], men: [1000, 1000] }, { women: [0, 7000], men: [2000, 9000] }),
    },
  ],
  unmet: [
    {
      called: "a large gap",
      ...sex({ women: [200, 1000], men: [300, 1000] }),
      reason: /women's selection rate lies 10\.0 points below men's/,
    },
    {
      called: "a gap that follows the labels perfectly is still one",
      ...sex({ women: [200, 200], men: [500, 500] }, { women: [0, 800], men: [0, 500] }),
      reason: /30\.0 points/,
    },
  ],
  undecided: [
    { called: "ten people in each group", ...sex({ women: [3, 10], men: [4, 10] }) },
    { called: "one group", ...sex({ men: [3, 10] }), reason: /one group only/ },
    {
      called: "a group whose answers are all favourable, but of four people",
      ...sex({ a: [9500, 10_000], b: [9500, 10_000], tiny: [4, 4] }),
      reason: /tiny/,
    },
  ],
  planted: { effect: planted(0.1), null: planted(0.05), found: 0.99, falseAlarms: 0.05 },
});

describe("demographic parity", () => {
  it("counts as fairlearn does, with the joint intervals of statsmodels", async () => {
    const measured = await demographicParity.measure(vectorNeeds);
    expectGroupRates(measured, "selection-rate");
    expectPairs(measured, "demographic-parity", unsigned, 6);
    const [ours, theirs] = [extremes(measured, Math.max), fairlearnBy("demographicParityDifference")];
    for (const column of Object.keys(theirs)) expect(ours[column]).toBeCloseTo(theirs[column] ?? Number.NaN, 12);
  });

  it("refuses a favourable label that the model does not know", () => {
    expect(() => demographicParity.measure({ ...vectorNeeds, favourable: "rich" })).toThrow(/“rich” is none of the model's classes/);
  });

  it("draws each group's rate with an interval of its own", async () => {
    const { series } = await demographicParity.measure(vectorNeeds);
    expect(series?.map(({ name, x }) => [name, x.values.length])).toEqual([
      ["selection rate by sex", 2],
      ["selection rate by race", 5],
    ]);
  });
});
