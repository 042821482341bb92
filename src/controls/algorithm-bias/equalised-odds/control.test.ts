import { describe, expect, it } from "vitest";
import type { Random } from "../../../base/index.ts";
import { expectGroupRates, expectPairs, extremes, fairlearnBy, unsigned, vectorNeeds } from "../../testing/fairness-vector.ts";
import { drawn, people, rates } from "../../testing/people.ts";
import { testControl } from "../../testing/test-control.ts";
import { equalisedOdds } from "./control.ts";

type By = Parameters<typeof rates>[0];
const sex = (yes: By, no: By) => people([...rates(yes), ...rates(no, { truth: "no" })]);

/** Two groups of 4,000 with and 4,000 without the favourable label; the false-positive rates truly differ by `gap`. */
const planted = (gap: number) => (random: Random) => {
  return sex(
    { women: [drawn(0.8, 4000, random), 4000], men: [drawn(0.8, 4000, random), 4000] },
    { women: [drawn(0.2 + gap, 4000, random), 4000], men: [drawn(0.2, 4000, random), 4000] },
  );
};

testControl(equalisedOdds, {
  met: [
    {
      called: "both rates near each other in large groups",
      ...sex({ women: [8000, 10_000], men: [8010, 10_000] }, { women: [1000, 10_000], men: [1020, 10_000] }),
      reason: /true-positive or false-positive rates lie further apart/,
    },
  ],
  unmet: [
    {
      called: "false alarms on one group",
      ...sex({ women: [800, 1000], men: [800, 1000] }, { women: [300, 1000], men: [100, 1000] }),
      reason: /^men's false-positive rate lies 20\.0 points below women's/,
    },
    {
      called: "misses in one group",
      ...sex({ women: [600, 1000], men: [800, 1000] }, { women: [100, 1000], men: [100, 1000] }),
      reason: /^women's true-positive rate/,
    },
  ],
  undecided: [
    {
      called: "few people with another label",
      ...sex({ women: [8000, 10_000], men: [8010, 10_000] }, { women: [1, 10], men: [1, 10] }),
      reason: /false-positive/,
    },
    {
      called: "nobody with another label in one group",
      ...sex({ women: [8000, 10_000], men: [8010, 10_000] }, { men: [1000, 10_000] }),
      reason: /women of sex has no rows with another label/,
    },
  ],
  planted: { effect: planted(0.1), null: planted(0.05), found: 0.99, falseAlarms: 0.05 },
});

describe("equalised odds", () => {
  it("counts as fairlearn does, with the intervals of statsmodels joint over both rates", async () => {
    const measured = await equalisedOdds.measure(vectorNeeds);
    expectGroupRates(measured, "true-positive-rate");
    expectGroupRates(measured, "false-positive-rate");
    expectPairs(measured, "equalised-odds", unsigned, 6);
    const [ours, theirs] = [extremes(measured, Math.max), fairlearnBy("equalisedOddsDifference")];
    for (const column of Object.keys(theirs)) expect(ours[column]).toBeCloseTo(theirs[column] ?? Number.NaN, 12);
  });
});
