import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { MetricName } from "../../../tensor/index.ts";
import type { Predictions, predictions } from "../../needs/predictions.ts";
import { success, successOrBalance } from "../../needs/success.ts";
import { confused, drawnAnswers, drawnScores } from "../../testing/answers.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { successMetric } from "./control.ts";

const on = (answers: Predictions, metric: MetricName = "accuracy", favourable: string | null = null) => ({
  answers,
  success: { metric, favourable },
  random: seededRandom(3),
  replicates: 400,
});
const planted = (right: number) => (random: Random) => on(drawnAnswers(random, 3000, right));
const honest = drawnScores(seededRandom(9), 3000, (said) => said);

testControl(successMetric, {
  policy: { target: 0.8 },
  met: [
    {
      called: "an accuracy well above the target",
      ...on(
        confused([
          [4500, 500],
          [500, 4500],
        ]),
      ),
      reason: /^the model's accuracy is 90\.0 % \(95 % interval 89\.4 to 90\.6; target 80\.0 %\)$/,
    },
    {
      called: "the recall of the favourable class",
      ...on(
        confused([
          [500, 500],
          [50, 950],
        ]),
        "recall",
        "yes",
      ),
    },
    {
      called: "an F1 score",
      ...on(
        confused([
          [4500, 500],
          [500, 4500],
        ]),
        "f1",
      ),
      reason: /F1 score is 0\.900/,
    },
    { called: "a log loss below its target", ...on(honest, "log-loss"), policy: { target: 0.6 }, reason: /log loss is 0\.\d+ nats/ },
    { called: "an area under the ROC curve", ...on(honest, "roc-auc"), reason: /area under the ROC curve/ },
  ],
  unmet: [
    {
      called: "an accuracy well below the target",
      ...on(
        confused([
          [700, 300],
          [300, 700],
        ]),
      ),
      reason: /70\.0 %/,
    },
    {
      called: "a majority vote judged by balanced accuracy",
      ...on(
        confused([
          [9000, 0],
          [1000, 0],
        ]),
        "balanced-accuracy",
      ),
      reason: /50\.0 %/,
    },
    {
      called: "the recall of the other class",
      ...on(
        confused([
          [500, 500],
          [50, 950],
        ]),
        "recall",
        "no",
      ),
    },
    { called: "a log loss above its target", ...on(honest, "log-loss"), policy: { target: 0.3 } },
  ],
  undecided: [
    {
      called: "ten rows, all right",
      ...on(
        confused([
          [5, 0],
          [0, 5],
        ]),
      ),
      reason: /too wide to tell/,
    },
    {
      called: "an estimate at the target",
      ...on(
        confused([
          [4000, 1000],
          [1000, 4000],
        ]),
      ),
    },
    {
      called: "an estimate above the target by less than chance",
      ...on(
        confused([
          [405, 95],
          [95, 405],
        ]),
      ),
    },
    {
      called: "no row at all",
      ...on(
        confused([
          [0, 0],
          [0, 0],
        ]),
      ),
      reason: /does not determine/,
    },
    {
      called: "a class that does not occur",
      ...on(
        confused([
          [90, 10],
          [0, 0],
        ]),
        "recall",
      ),
    },
    {
      called: "a target in per cent",
      ...on(
        confused([
          [4500, 500],
          [500, 4500],
        ]),
      ),
      policy: { target: 85 },
      reason: /between 0 and 1/,
    },
  ],
  planted: { effect: planted(0.76), null: planted(0.8), found: 0.99, falseAlarms: 0.025 },
});

describe("success metric", () => {
  it.each(qualityCases)("measures %s as scikit-learn does", async (_, { classes, test }) => {
    for (const metric of ["accuracy", "balanced-accuracy", "macro-f1", "roc-auc", "log-loss"] as const) {
      const { measures } = await successMetric.measure(on(answersOfPart(test, classes), metric));
      expect(measures[0]).toMatchObject({ name: metric, value: expect.closeTo(test.values[metric], 9) });
    }
  });

  it("says about how many rows would decide, and that many do", async () => {
    const judged = async (n: number) => {
      const right = Math.round(0.41 * n);
      const measured = await successMetric.measure(
        on(
          confused([
            [right, n / 2 - right],
            [n / 2 - right, right],
          ]),
        ),
      );
      return successMetric.judge(measured, { target: 0.8 }, new Date(0));
    };
    const [, rows = ""] = /about ([\d,]+) in all \(now 200\)/.exec((await judged(200)).remedy ?? "") ?? [];
    const n = 2 * Math.round(Number(rows.replace(",", "")) / 2);
    expect((await judged(n)).verdict).toBe("met");
    expect((await judged(Math.round(n * 0.35) * 2)).verdict).toBe("undecided");
  });

  it("shows what answering the most frequent class alone would reach", async () => {
    const { measures } = await successMetric.measure(
      on(
        confused([
          [700, 0],
          [100, 200],
        ]),
      ),
    );
    expect(measures[0]).toMatchObject({ value: 0.9, baseline: 0.7 });
    const balanced = await successMetric.measure(
      on(
        confused([
          [700, 0],
          [100, 200],
        ]),
        "balanced-accuracy",
      ),
    );
    expect(balanced.measures[0]?.baseline).toBe(0.5);
  });

  it("is balanced accuracy where nothing is declared, and is not measured where the measure needs scores that the model does not give", () => {
    const system = (metric?: MetricName) => ({
      root: "/",
      datasets: [],
      models: [],
      declaration: {
        version: 1 as const,
        system: { name: "s", ...(metric === undefined ? {} : { success: { metric: metric as "roc-auc", target: 0.8 } }) },
      },
    });
    expect(success().plan({ system: system(), budget: "quick" })).toMatchObject({ missing: expect.stringContaining("names no measure") });
    expect(success().plan({ system: system("roc-auc"), budget: "quick" })).toMatchObject({ value: { metric: "roc-auc" } });
    expect(successOrBalance().plan({ system: system(), budget: "quick" })).toMatchObject({ value: { metric: "balanced-accuracy" } });
    const labelsAlone = {
      system: system("roc-auc"),
      budget: "quick",
      dataset: { id: "d" },
      model: { id: "m", bindings: { d: { kind: "onnx", scoreOutput: null } } },
    };
    const planned = success().plan(labelsAlone as unknown as Parameters<ReturnType<typeof predictions>["plan"]>[0]);
    expect(planned).toMatchObject({ missing: expect.stringContaining("labels alone") });
  });
});
