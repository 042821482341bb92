import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import { clopperPearson } from "../../../tensor/index.ts";
import type { Grouping } from "../../needs/groups.ts";
import { drawnScores } from "../../testing/answers.ts";
import { testControl } from "../../testing/test-control.ts";
import { calibration } from "../../weak-algorithm/calibration/control.ts";
import { calibrationByGroup } from "./control.ts";

/** Groups by their rows and by how much less often than said things come true. */
type Groups = { readonly [group: string]: readonly [rows: number, less: number] };

function on(groups: Groups, random: Random = seededRandom(2), replicates = 100) {
  const parts = Object.values(groups).map(([n, less]) =>
    drawnScores(
      random,
      n,
      (said) => said - less,
      () => 0.25 + 0.65 * random.uniform(),
    ),
  );
  const names = Object.keys(groups);
  const sex: Grouping = { column: "sex", groups: names, members: Int32Array.from(parts.flatMap(({ rows }, at) => Array(rows).fill(at))) };
  const answers = {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    classes: ["no", "yes"],
    truth: Int32Array.from(parts.flatMap(({ truth }) => [...truth])),
    answers: Int32Array.from(parts.flatMap((part) => [...part.answers])),
    probabilities: Float64Array.from(parts.flatMap(({ probabilities }) => [...probabilities])),
  };
  return { answers, groups: [sex], favourable: "yes", random, replicates };
}

testControl(calibrationByGroup, {
  met: [
    {
      called: "groups of whom what is said comes true",
      ...on({ women: [9000, 0], men: [9000, 0] }),
      reason:
        /^in no group the probabilities are further off: of (wo)?men of sex, the probabilities differ from what happened by \d\.\d points \(joint 95 % interval/,
    },
    { called: "errors that policy allows", ...on({ women: [4000, 0.15], men: [4000, 0] }), policy: { error: 0.25 } },
  ],
  unmet: [
    {
      called: "one group of whom too much is said, while the other hides it",
      ...on({ women: [2000, 0.15], men: [9000, -0.03] }),
      reason: /^of women of sex, the probabilities differ from what happened by 1\d\.\d points/,
    },
    {
      called: "two groups, off in opposite ways",
      ...on({ women: [4000, 0.1], men: [4000, -0.1] }),
      reason: /1 more group lies beyond the limit/,
    },
    { called: "a proven group beside one of three people", ...on({ women: [4000, 0.15], men: [4000, 0], other: [3, 0] }) },
  ],
  undecided: [
    { called: "a group of sixty", ...on({ women: [60, 0], men: [9000, 0] }), reason: /^of women of sex.*too few rows to tell/ },
    {
      called: "a group of three",
      ...on({ women: [9000, 0], men: [9000, 0], other: [3, 0] }),
      reason: /^other of sex has 3 labelled test rows, too few/,
    },
    { called: "no row", ...on({}), reason: /no test row/ },
    {
      called: "a column of a hundred groups",
      ...on(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`g${at}`, [30, 0] as const]))),
      reason: /^sex has 100 groups, too many/,
    },
  ],
  planted: {
    effect: (random) => on({ women: [700, 0.18], men: [300, 0] }, random, 60),
    null: (random) => on({ women: [700, 0.05], men: [300, 0] }, random, 60),
    found: 0.99,
    falseAlarms: 0.05,
  },
});

describe("calibration by group", () => {
  it("of one group with all rows is calibration itself, at the same number of bins", async () => {
    const needs = on({ all: [3000, 0.1] });
    const [own, whole] = [await calibrationByGroup.measure(needs), await calibration.measure(needs)];
    // Fifteen bins there, ten here: the estimate is nearly the same.
    expect(own.measures[0]?.value).toBeCloseTo(whole.measures[0]?.value ?? Number.NaN, 1.7);
    expect(own.measures[0]?.of).toEqual({ column: "sex", group: "all", probability: "yes" });
  });

  it("calls none of ten calibrated groups off in one run of twenty at most", async () => {
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`g${at}`, [150, 0] as const]));
    let alarms = 0;
    for (let seed = 0; seed < 100; seed++) {
      const measured = await calibrationByGroup.measure(on(ten, seededRandom(seed, "ten"), 400));
      if (measured.measures.some(({ low = 0 }) => low > 0)) alarms++;
    }
    expect(clopperPearson(alarms, 100, 0.99)?.low, `${alarms} of 100`).toBeLessThanOrEqual(0.05);
  });
});
