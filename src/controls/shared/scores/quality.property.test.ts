import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { MetricName } from "../../../tensor/index.ts";
import type { Measured, Verdict } from "../../measured.ts";
import { lossScreen } from "../../membership-inference/loss-screen/control.ts";
import type { Baselines } from "../../needs/baselines.ts";
import type { ScoredPredictions } from "../../needs/predictions.ts";
import { drawnAnswers } from "../../testing/answers.ts";
import { beatsBaselines } from "../../weak-algorithm/beats-baselines/control.ts";
import { calibration } from "../../weak-algorithm/calibration/control.ts";
import { generalisationGap } from "../../weak-algorithm/generalisation-gap/control.ts";
import { latency } from "../../weak-algorithm/latency/control.ts";
import { successMetric } from "../../weak-algorithm/success-metric/control.ts";
import { pairedGain } from "./paired.ts";
import { answeredOf, scored } from "./scored.ts";
import { metricWords } from "./words.ts";

const names = Object.keys(metricWords) as MetricName[];

/** Answers of up to four classes, some rows without a label, scores of exactly 0, 1 or equal among them. */
const answersOf = (classes: number): fc.Arbitrary<ScoredPredictions> =>
  fc
    .array(
      fc.record({
        truth: fc.integer({ min: -1, max: classes - 1 }),
        scores: fc.array(fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: classes,
          maxLength: classes,
        }),
      }),
      { maxLength: 60 },
    )
    .map((rows) => {
      const shares = rows.map(({ scores }) => {
        const sum = scores.reduce((total, each) => total + each, 0);
        return scores.map((each) => (sum > 0 ? each / sum : 1 / classes));
      });
      return {
        rows: rows.length,
        classes: Array.from({ length: classes }, (_, at) => `class ${at}`),
        truth: Int32Array.from(rows, ({ truth }) => truth),
        answers: Int32Array.from(shares, (each) => each.indexOf(Math.max(...each))),
        probabilities: Float64Array.from(shares.flat()),
      };
    });

const three = fc
  .integer({ min: 1, max: 4 })
  .chain((classes) => fc.tuple(answersOf(classes), answersOf(classes), fc.constantFrom(...names)));
const favourable = "class 0";
const rest = () => ({ random: seededRandom(1), replicates: 40 });

function expectSound(measured: Measured, verdict: Verdict): void {
  expect(JSON.parse(JSON.stringify(measured)), "finite numbers alone survive JSON").toEqual(measured);
  for (const { name, value, low = value, high = value } of measured.measures) {
    expect(low, name).toBeLessThanOrEqual(value + 1e-12);
    expect(high, name).toBeGreaterThanOrEqual(value - 1e-12);
  }
  expect(verdict.reason).not.toMatch(/NaN|undefined|Infinity|null/);
  if (verdict.verdict !== "met") expect(verdict.remedy).toBeTruthy();
}

describe("whatever a model answers", () => {
  const judgedAt = new Date(0);

  it("measures of success lie inside finite intervals, or are not determined", () => {
    fc.assert(
      fc.property(three, ([answers, , metric]) => {
        const found = scored(metric, answeredOf(answers, null), rest());
        if (found === null) return;
        for (const number of [found.value, found.low, found.high]) expect(Number.isFinite(number)).toBe(true);
        expect(found.low).toBeLessThanOrEqual(found.value + 1e-12);
        expect(found.high).toBeGreaterThanOrEqual(found.value - 1e-12);
      }),
    );
  });

  it("controls hold finite numbers, and give reasons without holes", async () => {
    await fc.assert(
      fc.asyncProperty(three, fc.boolean(), async ([first, second, metric], named) => {
        const success = { metric, favourable: named ? favourable : null };
        const own = await successMetric.measure({ answers: first, success, ...rest() });
        expectSound(own, successMetric.judge(own, { target: 0.5 }, judgedAt));
        const gap = await generalisationGap.measure({ train: first, test: second, evaluation: null, success, ...rest() });
        expectSound(gap, generalisationGap.judge(gap, { gap: 0.05 }, judgedAt));
        const screen = await lossScreen.measure({ members: first, others: second });
        expectSound(screen, lossScreen.judge(screen, { auc: 0.55, hits: 0.02 }, judgedAt));
        const calibrated = await calibration.measure({ answers: first, favourable: named ? favourable : null, ...rest() });
        expectSound(calibrated, calibration.judge(calibrated, { error: 0.05, chance: 0.05 }, judgedAt));
      }),
    );
  });

  it("it is compared with other answers to the same rows in finite numbers", async () => {
    await fc.assert(
      fc.asyncProperty(three, fc.nat(3), async ([first, , metric], shift) => {
        const classes = first.classes.length;
        const baselines: Baselines["baselines"] = [
          {
            name: "tree",
            answers: first.answers.map((answer) => (answer + shift) % classes),
            probabilities: first.probabilities.toReversed(),
          },
        ];
        const rows = Int32Array.from({ length: first.rows }, (_, row) => row);
        const simple = { classes: first.classes, rows, trainingRows: 9, baselines };
        const measured = await beatsBaselines.measure({ answers: first, simple, success: { metric, favourable: null }, ...rest() });
        expectSound(measured, beatsBaselines.judge(measured, { margin: 0.01 }, judgedAt));
      }),
    );
  });

  it("times of any size and number are bounded in finite numbers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 500 }), async (times) => {
        const measured = await latency.measure({ latencies: { timesMs: Float64Array.from(times), batches: [] } });
        expectSound(measured, latency.judge(measured, { limitMs: 5 }, judgedAt));
      }),
    );
  });
});

describe("a paired gain", () => {
  it("of equally good answers to 40 rows is held at zero about as often as it says", () => {
    let held = 0;
    for (let seed = 0; seed < 600; seed++) {
      const random = seededRandom(seed, "paired");
      const ours = drawnAnswers(random, 40, 0.85);
      const theirs = { ...ours, answers: ours.truth.map((label) => (random.uniform() < 0.85 ? label : 1 - label)) };
      const options = { random, replicates: 300, confidence: 0.95 };
      const found = pairedGain("accuracy", answeredOf(ours, null), answeredOf(theirs, null), options);
      if (found !== null && found.low <= 0 && found.high >= 0) held++;
    }
    // Exact binomial: 95 % coverage gives fewer than 552 in 600 once in a thousand times.
    expect(held).toBeGreaterThanOrEqual(552);
  });
});
