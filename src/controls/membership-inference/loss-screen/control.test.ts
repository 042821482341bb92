import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { ScoredPredictions } from "../../needs/predictions.ts";
import { drawnScores } from "../../testing/answers.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { lossScreen } from "./control.ts";

const honest = (random: Random, n: number) => drawnScores(random, n, (said) => said);

/** Training rows whose scores are drawn nearer to the truth: a share `known` of them is answered with certainty. */
const remembered = (random: Random, n: number, known: number): ScoredPredictions => {
  const answers = honest(random, n);
  const probabilities = answers.probabilities.slice();
  for (let row = 0; row < n; row++) {
    if (random.uniform() >= known) continue;
    probabilities.set(answers.truth[row] === 1 ? [0, 1] : [1, 0], 2 * row);
  }
  return { ...answers, probabilities };
};

const seen = (known: number, n = 6000, others = 4000, random = seededRandom(11)) => ({
  members: remembered(random, n, known),
  others: honest(random, others),
});

const none: ScoredPredictions = {
  rows: 0,
  classes: ["no", "yes"],
  truth: new Int32Array(0),
  answers: new Int32Array(0),
  probabilities: new Float64Array(0),
};

testControl(lossScreen, {
  met: [
    {
      called: "losses alike on both splits",
      ...seen(0),
      reason:
        /^this weakest of attacks gains little: .*area under the ROC curve is 0\.\d+ \(joint 95 % interval .* a stronger attack may gain more$/,
    },
  ],
  unmet: [
    { called: "a third of the training rows by heart", ...seen(0.33), reason: /at 1 % false alarms it finds 3\d\.\d %/ },
    {
      called: "few rows by heart, which the area under the curve hides",
      ...seen(0.06, 8000, 8000),
      reason: /^the loss tells training rows from others: at 1 % false alarms it finds \d\.\d % .* of the training rows$/,
    },
  ],
  undecided: [
    { called: "fifty rows", ...seen(0, 50, 50), reason: /not clear/ },
    { called: "few test rows", ...seen(0.02, 6000, 60) },
    {
      called: "training rows that are harder than test rows: the splits differ in kind",
      members: honest(seededRandom(4), 4000),
      others: remembered(seededRandom(5), 4000, 0.3),
      reason: /larger on training rows than on test rows/,
    },
    { called: "no test row", members: honest(seededRandom(1), 100), others: none, reason: /no labelled rows/ },
  ],
  planted: {
    effect: (random) => seen(0.1, 3000, 3000, random),
    // As much as the limit allows: 1 % by heart and 1 % of the rest are 1.99 % at 1 % false alarms.
    null: (random) => seen(0.01, 3000, 3000, random),
    found: 0.99,
    falseAlarms: 0.05,
  },
});

describe("loss screen", () => {
  it.each(qualityCases)("has scikit-learn's area under the curve on %s", async (_, { classes, train, test, membershipAuc }) => {
    const { measures } = await lossScreen.measure({ members: answersOfPart(train, classes), others: answersOfPart(test, classes) });
    expect(measures.find(({ name }) => name === "auc")?.value).toBeCloseTo(membershipAuc, 9);
  });

  it("draws a curve of at most 100 points beside chance", async () => {
    const { series = [] } = await lossScreen.measure(seen(0.2));
    expect(series[0]?.x.values.length).toBeLessThanOrEqual(100);
    expect(series[0]?.reference?.length).toBe(series[0]?.x.values.length);
    for (const number of [...(series[0]?.x.values ?? []), ...(series[0]?.y.values ?? [])]) expect(Number.isFinite(number)).toBe(true);
  });
});
