import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { MetricName } from "../../../tensor/index.ts";
import type { Predictions } from "../../needs/predictions.ts";
import { confused, drawnAnswers } from "../../testing/answers.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { generalisationGap } from "./control.ts";

const on = (train: Predictions, test: Predictions, metric: MetricName = "accuracy", evaluation: Predictions | null = null) => ({
  train,
  test,
  evaluation,
  success: { metric, favourable: null },
  random: seededRandom(3),
  replicates: 200,
});
const rightOf = (right: number, n: number) =>
  confused([
    [right / 2, (n - right) / 2],
    [(n - right) / 2, right / 2],
  ]);
const planted = (gap: number) => (random: Random) => on(drawnAnswers(random, 5000, 0.9), drawnAnswers(random, 2000, 0.9 - gap));

testControl(generalisationGap, {
  met: [
    {
      called: "nearly the same on both splits",
      ...on(rightOf(9000, 10_000), rightOf(3580, 4000)),
      reason:
        /^the model does better on its training rows than on test rows: its accuracy differs by 0\.5 points \(95 % interval -0\.6 to 1\.6; limit 5\.0 points\)$/,
    },
    {
      called: "better on test rows",
      ...on(rightOf(8000, 10_000), rightOf(3300, 4000)),
      reason: /^the model does no better on its training rows/,
    },
    {
      called: "equally good on both splits",
      ...on(rightOf(9000, 10_000), rightOf(3600, 4000)),
      reason: /^the model does no better on its training rows: its accuracy differs by 0\.0 points/,
    },
    { called: "a gap within a limit that policy widened", ...on(rightOf(10_000, 10_000), rightOf(3400, 4000)), policy: { gap: 0.2 } },
  ],
  unmet: [
    { called: "learned by heart", ...on(rightOf(10_000, 10_000), rightOf(3400, 4000)), reason: /15\.0 points/ },
    {
      called: "a rare class learned by heart, which accuracy would not show",
      ...on(
        confused([
          [9700, 0],
          [0, 300],
        ]),
        confused([
          [9700, 0],
          [300, 0],
        ]),
        "balanced-accuracy",
      ),
      reason: /balanced accuracy differs by 50\.0 points/,
    },
  ],
  undecided: [
    { called: "twenty test rows", ...on(rightOf(9000, 10_000), rightOf(18, 20)), reason: /too wide to tell/ },
    {
      called: "no test rows",
      ...on(
        rightOf(9000, 10_000),
        confused([
          [0, 0],
          [0, 0],
        ]),
      ),
      reason: /does not determine/,
    },
    { called: "a gap near to the limit", ...on(rightOf(9000, 10_000), rightOf(3400, 4000)) },
  ],
  planted: { effect: planted(0.1), null: planted(0.05), found: 0.99, falseAlarms: 0.05 },
});

describe("generalisation gap", () => {
  it.each(qualityCases)(
    "of %s is scikit-learn's difference, with Newcombe's interval from statsmodels",
    async (_, { classes, train, test, accuracyGap }) => {
      const parts = [answersOfPart(train, classes), answersOfPart(test, classes)] as const;
      for (const metric of ["accuracy", "balanced-accuracy", "macro-f1", "roc-auc"] as const) {
        const { measures } = await generalisationGap.measure(on(...parts, metric));
        expect(measures[0]?.value).toBeCloseTo(train.values[metric] - test.values[metric], 9);
      }
      const { measures } = await generalisationGap.measure(on(...parts));
      expect(measures[0]?.low).toBeCloseTo(accuracyGap[0], 9);
      expect(measures[0]?.high).toBeCloseTo(accuracyGap[1], 9);
    },
  );

  it("shows each split, and judges the test split alone", async () => {
    const measured = await generalisationGap.measure(on(rightOf(9000, 10_000), rightOf(3580, 4000), "accuracy", rightOf(2000, 4000)));
    expect(measured.series?.[0]?.x.values).toEqual(["train", "evaluation", "test"]);
    expect(measured.measures.filter(({ name }) => name === "generalisation-gap").map(({ of }) => of?.split)).toEqual([
      "evaluation",
      "test",
    ]);
    expect(generalisationGap.judge(measured, { gap: 0.05 }, new Date(0)).verdict).toBe("met");
  });
});
