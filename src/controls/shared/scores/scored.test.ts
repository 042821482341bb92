import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { clopperPearson, differenceOf, type MetricName, metrics } from "../../../tensor/index.ts";
import { confused, drawnAnswers, drawnScores } from "../../testing/answers.ts";
import { answersOfPart, qualityCases } from "../../testing/quality-vector.ts";
import { pairedGain } from "./paired.ts";
import { answeredOf, scored } from "./scored.ts";
import { metricWords } from "./words.ts";

const options = { random: seededRandom(1), replicates: 300 };
const names = Object.keys(metricWords) as MetricName[];

describe.each(qualityCases)("measures of success on %s", (_, { classes, train, test, other, accuracyGap }) => {
  it.each(names)("give %s as scikit-learn does, inside its interval", (name) => {
    for (const part of [train, test, other]) {
      const found = scored(name, answeredOf(answersOfPart(part, classes), null), options);
      expect(found?.value).toBeCloseTo(part.values[name], 9);
      expect(found?.low).toBeLessThan(part.values[name]);
      expect(found?.high).toBeGreaterThan(part.values[name]);
      expect(metrics[name].of(answeredOf(answersOfPart(part, classes), null))).toBeCloseTo(part.values[name], 9);
    }
  });

  it("give accuracy the intervals of statsmodels, Wilson's, exact, and Newcombe's of a difference", () => {
    const on = (part: typeof test, exact = false) =>
      scored("accuracy", answeredOf(answersOfPart(part, classes), null), exact ? { ...options, proportion: clopperPearson } : options);
    const [wilson, exact, ofTrain] = [on(test), on(test, true), on(train)];
    if (wilson === null || exact === null || ofTrain === null) throw new Error("accuracy is determined");
    expect([wilson.low, wilson.high]).toEqual([expect.closeTo(test.accuracyWilson[0], 9), expect.closeTo(test.accuracyWilson[1], 9)]);
    expect([exact.low, exact.high]).toEqual([expect.closeTo(test.accuracyExact[0], 9), expect.closeTo(test.accuracyExact[1], 9)]);
    const gap = differenceOf(ofTrain, wilson);
    expect([gap.low, gap.high]).toEqual([expect.closeTo(accuracyGap[0], 9), expect.closeTo(accuracyGap[1], 9)]);
  });
});

describe("intervals of measures of success", () => {
  // Truth: 30 % positives, each row answered right with probability 0.85.
  const truths: Partial<Record<MetricName, number>> = {
    accuracy: 0.85,
    "balanced-accuracy": 0.85,
    recall: 0.85,
    precision: 0.255 / (0.255 + 0.105),
    f1: 0.51 / (0.51 + 0.045 + 0.105),
    "macro-f1": (0.51 / (0.51 + 0.15) + 1.19 / (1.19 + 0.15)) / 2,
  };

  it.each(Object.entries(truths))("hold the true %s as often as they say, on 60 rows", (name, truth) => {
    let held = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const found = scored(name as MetricName, answeredOf(drawnAnswers(seededRandom(seed, name), 60, 0.85), null), options);
      if (found !== null && found.low <= truth && truth <= found.high) held++;
    }
    // Exact binomial: 95 % coverage gives fewer than 926 in 1,000 once in a thousand times.
    expect(held).toBeGreaterThan(926);
  });

  it.each(names.filter((name) => !metrics[name].needsScores))("are not narrow because ten rows hold no error: %s", (name) => {
    const found = scored(
      name,
      answeredOf(
        confused([
          [5, 0],
          [0, 5],
        ]),
        null,
      ),
      options,
    );
    expect(found?.value).toBe(1);
    expect(found?.low).toBeLessThan(0.85);
  });

  it("of a log loss over very many rows are as wide as its standard error says, though not all rows are drawn again", () => {
    const answers = drawnScores(seededRandom(4), 80_000, (said) => said);
    const losses = Float64Array.from(answers.truth, (label, row) => -Math.log(answers.probabilities[2 * row + label] ?? 0));
    const mean = losses.reduce((sum, each) => sum + each, 0) / losses.length;
    const error = Math.sqrt(losses.reduce((sum, each) => sum + (each - mean) ** 2, 0)) / losses.length;
    const found = scored("log-loss", answeredOf(answers, null), { ...options, replicates: 400 });
    expect(found?.value).toBeCloseTo(mean, 9);
    expect(((found?.high ?? 0) - (found?.low ?? 0)) / (2 * 1.96 * error)).toBeCloseTo(1, 0.7);
    expect(found?.n).toBe(80_000);
  });

  it.each([
    ["log-loss", "high", 1],
    ["average-precision", "low", 0.9],
    ["roc-auc", "low", 0.9],
  ] as const)("are not narrow because thirty rows hold no error, and narrow when many rows hold none: %s", (name, end, bound) => {
    const sure = (n: number) => {
      const truth = Int32Array.from({ length: n }, (_, row) => (row % 5 === 0 ? 1 : 0));
      const probabilities = Float64Array.from({ length: 2 * n }, (_, at) => (truth[at >> 1] === at % 2 ? 1 : 0));
      return answeredOf({ rows: n, classes: ["no", "yes"], truth, answers: truth, probabilities }, null);
    };
    const [few, many] = [scored(name, sure(30), options)?.[end] ?? Number.NaN, scored(name, sure(20_000), options)?.[end] ?? Number.NaN];
    expect(end === "low" ? few < bound : few > bound).toBe(true);
    expect(end === "low" ? many > 0.99 : many < 0.01).toBe(true);
    const gain = pairedGain(name, sure(30), sure(30), { ...options, confidence: 0.95 });
    expect(gain?.value).toBeCloseTo(0, 9);
    expect((gain?.high ?? 0) - (gain?.low ?? 0)).toBeGreaterThan(0.1);
  });

  it("say nothing of a class that does not occur", () => {
    const answered = answeredOf(
      confused([
        [10, 2],
        [0, 0],
      ]),
      null,
    );
    expect(scored("recall", answered, options)).toBeNull();
    expect(scored("roc-auc", { ...answered, probabilities: new Float64Array(24).fill(0.5) }, options)).toBeNull();
    expect(
      scored(
        "precision",
        answeredOf(
          confused([
            [10, 0],
            [2, 0],
          ]),
          null,
        ),
        options,
      ),
    ).toMatchObject({ value: 0, low: 0, high: 1 });
  });

  it("speak of the favourable class where one is declared", () => {
    const answers = confused([
      [90, 10],
      [20, 30],
    ]);
    expect(scored("recall", answeredOf(answers, "no"), options)?.value).toBeCloseTo(0.9, 12);
    expect(scored("recall", answeredOf(answers, "yes"), options)?.value).toBeCloseTo(0.6, 12);
  });

  it("match that class as the label column's values are matched, and never take another in its place", () => {
    const answers = {
      ...confused([
        [90, 10],
        [20, 30],
      ]),
      classes: ["1.0", "2.0"],
    };
    expect(scored("recall", answeredOf(answers, "1"), options)?.value).toBeCloseTo(0.9, 12);
    expect(() => answeredOf(answers, "3")).toThrow(/“3” is none of the model's classes/);
  });
});
