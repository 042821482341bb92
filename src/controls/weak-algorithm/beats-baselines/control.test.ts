import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { TableSource } from "../../../data/index.ts";
import type { MetricName } from "../../../tensor/index.ts";
import { type Baselines, baselinesRecipe } from "../../needs/baselines.ts";
import type { Predictions } from "../../needs/predictions.ts";
import { drawnAnswers } from "../../testing/answers.ts";
import { making } from "../../testing/contamination-vector.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { beatsBaselines } from "./control.ts";

/** Other answers to the same rows: right with probability `right`, and as the first ones with probability `alike`. */
function others(random: Random, { truth, answers, ...rest }: Predictions, right: number, alike = 0): Predictions {
  const drawn = truth.map((label, row) => (random.uniform() < alike ? answers[row]! : random.uniform() < right ? label : 1 - label));
  return { ...rest, truth, answers: drawn };
}

const majority = ({ truth, ...rest }: Predictions): Predictions => ({ ...rest, truth, answers: truth.map(() => 0) });

const on = (answers: Predictions, logistic: Predictions, metric: MetricName = "accuracy", replicates = 400) => ({
  answers,
  simple: {
    classes: answers.classes,
    rows: Int32Array.from({ length: answers.rows }, (_, row) => row),
    trainingRows: 100,
    baselines: [
      { name: "majority", answers: majority(answers).answers, probabilities: new Float64Array(2 * answers.rows).fill(0.5) },
      {
        name: "logistic",
        answers: logistic.answers,
        probabilities: logistic.probabilities ?? new Float64Array(2 * answers.rows).fill(0.5),
      },
    ],
  } satisfies Baselines,
  success: { metric, favourable: null },
  random: seededRandom(7),
  replicates,
});

const drawn = (n: number, right: number, other: number, { alike = 0, random = seededRandom(21) } = {}) => {
  const answers = drawnAnswers(random, n, right);
  return [answers, others(random, answers, other, alike)] as const;
};
const same = (n: number) => {
  const answers = drawnAnswers(seededRandom(2), n, 0.9);
  return [answers, answers] as const;
};
const planted = (gain: number) => (random: Random) => ({ ...on(...drawn(4000, 0.85, 0.85 - gain, { random })), replicates: 300 });

testControl(beatsBaselines, {
  met: [
    {
      called: "five points above the best",
      ...on(...drawn(6000, 0.9, 0.85)),
      reason:
        /^the model's accuracy is better than that of a logistic regression by [456]\.\d points \(joint 95 % interval .*; margin 1\.0 points\), the best of 2 simple models$/,
    },
    { called: "two points above, answering most rows alike", ...on(...drawn(6000, 0.9, 0.8, { alike: 0.8 })) },
  ],
  unmet: [
    {
      called: "worse than the simple model",
      ...on(...drawn(6000, 0.85, 0.9)),
      reason: /worse than that of a logistic regression: its gain is -[456]\.\d points/,
    },
    { called: "the same answers as the simple model", ...on(...same(6000)), reason: /no better than that of a logistic regression/ },
    {
      called: "no better than the most frequent class, by balanced accuracy",
      ...on(...drawn(6000, 0.47, 0.4), "balanced-accuracy"),
      reason: /balanced accuracy/,
    },
    { called: "a margin that policy raised", ...on(...drawn(6000, 0.9, 0.85)), policy: { margin: 0.1 } },
  ],
  undecided: [
    { called: "twenty rows", ...on(...drawn(20, 0.9, 0.6)), reason: /too wide to tell/ },
    { called: "twenty rows answered alike are not equal beyond doubt", ...on(...same(20)) },
    { called: "a gain near to the margin", ...on(...drawn(4000, 0.87, 0.86)) },
    { called: "no rows", ...on(...drawn(0, 0.9, 0.8)), reason: /do not determine/ },
  ],
  planted: { effect: planted(-0.04), null: planted(0.01), found: 0.99, falseAlarms: 0.05 },
});

describe("beats baselines", () => {
  it.each(qualityCases)("has the differences that scikit-learn's measures give on %s", async (_, { classes, test, other }) => {
    const [ours, theirs] = [answersOfPart(test, classes), answersOfPart(other, classes)];
    for (const metric of ["accuracy", "balanced-accuracy", "macro-f1", "roc-auc", "log-loss"] as const) {
      const needs = on(ours, theirs, metric, 100);
      const simple = { ...needs.simple, baselines: needs.simple.baselines.slice(1) };
      const { measures } = await beatsBaselines.measure({ ...needs, simple });
      const sign = metric === "log-loss" ? -1 : 1;
      expect(measures[0]?.value, metric).toBeCloseTo(sign * (test.values[metric] - other.values[metric]), 9);
    }
  });

  it("gives a paired difference the width that its differing rows leave it", async () => {
    const [answers, logistic] = drawn(4000, 0.9, 0.8, { alike: 0.7 });
    const { measures } = await beatsBaselines.measure(on(answers, logistic, "accuracy", 4000));
    const { low = 0, high = 0 } = measures.find(({ of }) => of?.baseline === "a logistic regression") ?? {};
    const wins = answers.truth.filter((label, row) => answers.answers[row] === label && logistic.answers[row] !== label).length;
    const losses = answers.truth.filter((label, row) => answers.answers[row] !== label && logistic.answers[row] === label).length;
    // The large-sample standard error of a difference of paired proportions, at the level of two comparisons: z(0.9875) = 2.2414.
    const error = Math.sqrt(wins + losses - (wins - losses) ** 2 / 4000) / 4000;
    expect((high - low) / (2 * 2.2414 * error)).toBeCloseTo(1, 1);
  });

  it("compares on the rows that the simple models answered", async () => {
    const [answers, logistic] = drawn(100, 0.9, 0.7);
    const rows = Int32Array.from({ length: 50 }, (_, at) => 2 * at);
    const needs = on(answers, logistic);
    const thin = needs.simple.baselines.map((baseline) => ({
      ...baseline,
      answers: Int32Array.from(rows, (row) => baseline.answers[row]!),
    }));
    const { measures } = await beatsBaselines.measure({ ...needs, simple: { ...needs.simple, rows, baselines: thin } });
    const hits = (of: Predictions) => rows.filter((row) => of.answers[row] === of.truth[row]).length / 50;
    expect(measures.find(({ of }) => of?.baseline === "a logistic regression")?.value).toBeCloseTo(hits(answers) - hits(logistic), 12);
  });

  it("trains the simple models on the training split, and answers every test row in order", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sextant-"));
    const random = seededRandom(12);
    const write = (name: string, n: number): { source: TableSource; truth: number[] } => {
      const lines = Array.from({ length: n }, () => {
        const [a, b] = [random.normal(), random.integer(3)];
        return { text: `${a},${"xyz"[b]},${a > 0.6 ? "yes" : "no"}`, label: a > 0.6 ? 1 : 0 };
      });
      const path = join(folder, `${name}.csv`);
      writeFileSync(path, ["a,b,label", ...lines.map(({ text }) => text)].join("\n"));
      return { source: { path, format: "csv" }, truth: lines.map(({ label }) => label) };
    };
    const [train, test] = [write("train", 600), write("test", 300)];
    const inputs = { train: train.source, test: test.source, features: ["a", "b"], label: "label", classes: ["no", "yes"] };
    const { baselines, rows, trainingRows } = await baselinesRecipe.make(inputs, making());
    expect(trainingRows).toBe(600);
    expect(rows.length).toBe(300);
    const right = baselines.map(({ name, answers }) => [name, test.truth.filter((label, row) => answers[row] === label).length / 300]);
    const share = test.truth.filter((label) => label === 0).length / 300;
    expect(right).toEqual([
      ["majority", share],
      ["logistic", expect.closeTo(1, 1)],
      ["tree", expect.closeTo(1, 1)],
      ["neighbours", expect.closeTo(1, 1)],
    ]);
  });
});
