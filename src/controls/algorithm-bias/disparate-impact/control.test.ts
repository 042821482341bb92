import { describe, expect, it } from "vitest";
import type { Random } from "../../../base/index.ts";
import { expectGroupRates, expectPairs, extremes, fairlearnBy, smallerOverLarger, vectorNeeds } from "../../testing/fairness-vector.ts";
import { drawn, people, rates } from "../../testing/people.ts";
import { testControl } from "../../testing/test-control.ts";
import { disparateImpact } from "./control.ts";

const sex = (by: Parameters<typeof rates>[0]) => people(rates(by));

/** Two groups of 4,000 each, of which one is truly favoured `ratio` times as often as the other. */
const planted = (ratio: number) => (random: Random) => {
  return sex({ women: [drawn(0.3 * ratio, 4000, random), 4000], men: [drawn(0.3, 4000, random), 4000] });
};

testControl(disparateImpact, {
  met: [
    {
      called: "nearly equal rates of large groups",
      ...sex({ women: [2950, 10_000], men: [3000, 10_000] }),
      reason: /no group's selection rate is less than 0\.94 times any other group's/,
    },
  ],
  unmet: [
    {
      called: "half as often",
      ...sex({ women: [150, 1000], men: [300, 1000] }),
      reason: /^women's selection rate is 0\.50 times men's \(sex; 95 % interval 0\.42 to 0\.60; limit 0\.80\)$/,
    },
    { called: "never in one group", ...sex({ women: [0, 1000], men: [300, 1000] }), reason: /is 0\.00 times men's/ },
  ],
  undecided: [
    { called: "ten people in each group", ...sex({ women: [3, 10], men: [4, 10] }) },
    {
      called: "never in any group: a ratio of nothing",
      ...sex({ women: [0, 1000], men: [0, 1000] }),
      reason: /no group of sex gets a single favourable answer/,
    },
    {
      called: "a small group that is favoured more often, as far as one can tell",
      ...sex({ a: [3000, 10_000], b: [2990, 10_000], tiny: [5, 10] }),
      reason: /tiny/,
    },
    {
      called: "a single person who is favoured proves nothing about a group",
      ...sex({ women: [50, 1000], men: [50, 1000], other: [1, 1] }),
      reason: /other/,
    },
    { called: "one group", ...sex({ men: [3, 10] }), reason: /one group only/ },
  ],
  planted: { effect: planted(0.6), null: planted(0.8), found: 0.99, falseAlarms: 0.05 },
});

describe("disparate impact", () => {
  it("counts as fairlearn does, with the joint intervals of statsmodels", async () => {
    const measured = await disparateImpact.measure(vectorNeeds);
    expectGroupRates(measured, "selection-rate");
    expectPairs(measured, "disparate-impact", smallerOverLarger, 4);
    const [ours, theirs] = [extremes(measured, Math.min), fairlearnBy("demographicParityRatio")];
    for (const column of Object.keys(theirs)) expect(ours[column]).toBeCloseTo(theirs[column] ?? Number.NaN, 12);
  });

  it("says how many rows would decide", async () => {
    const verdict = disparateImpact.judge(
      await disparateImpact.measure(sex({ women: [21, 100], men: [30, 100] })),
      { ratio: 0.8 },
      new Date(0),
    );
    expect(verdict.remedy).toMatch(
      /about [\d,]+ rows of women \(now 100\) and [\d,]+ of men \(now 100\) would prove the difference between women and men/,
    );
  });
});
