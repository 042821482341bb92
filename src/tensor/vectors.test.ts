import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { binomialCdf } from "./binomial.ts";
import {
  auc,
  calibrationError,
  clopperPearson,
  confusion,
  differenceOf,
  metrics,
  quantileInterval,
  quantiles,
  ratioOf,
  roc,
  tprAtFpr,
  wilson,
} from "./index.ts";
import { critical, type Interval } from "./interval.ts";
import type { MetricName } from "./metrics.ts";

/** fixtures/tensor/make_vectors.py: statsmodels, scikit-learn, scipy and brute force. */
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../vectors/tensor/${name}.json`, import.meta.url), "utf8"));

type Pair = readonly [number, number];
const expectLimits = (ours: Interval | null, [low, high]: Pair, digits = 9) => {
  expect(ours?.low).toBeCloseTo(low, digits);
  expect(ours?.high).toBeCloseTo(high, digits);
};

describe("intervals of proportions", () => {
  const {
    single,
    newcombe: differences,
    ratio: ratios,
  } = read<{
    single: { successes: number; n: number; confidence: number; wilson: Pair; clopperPearson: Pair }[];
    newcombe: { a: Pair; b: Pair; confidence: number; interval: Pair }[];
    ratio: { a: Pair; b: Pair; confidence: number; interval: Pair }[];
  }>("proportions");

  it.each(single)("of $successes in $n at $confidence are statsmodels' Wilson and Clopper-Pearson", (expected) => {
    expectLimits(wilson(expected.successes, expected.n, expected.confidence), expected.wilson);
    expectLimits(clopperPearson(expected.successes, expected.n, expected.confidence), expected.clopperPearson);
  });

  it.each(differences)("of the difference $a - $b at $confidence are statsmodels' Newcombe", ({ a, b, confidence, interval }) => {
    const [one, other] = [wilson(...a, confidence), wilson(...b, confidence)];
    expectLimits(one && other && differenceOf(one, other), interval);
  });

  it.each(ratios)(
    "of the ratio $a / $b at $confidence come from statsmodels' exact limits, by search",
    ({ a, b, confidence, interval }) => {
      const [one, other] = [clopperPearson(...a, confidence), clopperPearson(...b, confidence)];
      expectLimits(one && other && ratioOf(one, other), interval, 8);
    },
  );
});

describe("ranking", () => {
  const cases =
    read<
      {
        scores: number[];
        positives: number[];
        auc: number;
        deviation: number;
        newcombe: Pair;
        averagePrecision: number;
        roc: { falsePositiveRate: number[]; truePositiveRate: number[] };
        tprAt: { fpr: number; value: number }[];
      }[]
    >("ranking");

  it.each(cases)(
    "the area is that of brute force over all pairs, ties and all, and its interval the wider of DeLong's and Newcombe's on each side",
    ({ scores, positives, ...expected }) => {
      const area = auc(scores, positives);
      expect(area?.value).toBeCloseTo(expected.auc, 12);
      const half = critical(0.95) * expected.deviation;
      const [low, high] = expected.newcombe;
      expectLimits(area, [Math.min(low, expected.auc - half), Math.min(1, Math.max(high, expected.auc + half))]);
    },
  );

  it.each(cases)("the ROC curve is scikit-learn's, point by point", ({ scores, positives, ...expected }) => {
    const points = roc(scores, positives) ?? [];
    expect(points.map((point) => point.falsePositiveRate)).toEqual(expected.roc.falsePositiveRate);
    expect(points.map((point) => point.truePositiveRate)).toEqual(expected.roc.truePositiveRate);
  });

  it.each(cases)("the true-positive rate at a false-positive rate is read off that curve, ties shared", ({ scores, positives, tprAt }) => {
    for (const { fpr, value } of tprAt) expect(tprAtFpr(scores, positives, fpr)?.value).toBeCloseTo(value, 9);
  });

  it.each(cases)("average precision is scikit-learn's, ties and all", ({ scores, positives, averagePrecision }) => {
    const probabilities = Float64Array.from(scores.flatMap((score) => [-score, score]));
    const labels = Int32Array.from(positives);
    expect(metrics["average-precision"].of({ labels, answers: labels, probabilities, classes: 2 })).toBeCloseTo(averagePrecision, 12);
  });
});

describe("measures of answers", () => {
  const cases =
    read<
      {
        classes: number;
        labels: number[];
        answers: number[];
        probabilities: number[];
        confusion: number[];
        metrics: Record<MetricName, number>;
      }[]
    >("metrics");

  it.each(cases)("of $classes classes are scikit-learn's", ({ classes, ...expected }) => {
    const [labels, answers] = [Int32Array.from(expected.labels), Int32Array.from(expected.answers)];
    const answered = { labels, answers, probabilities: Float64Array.from(expected.probabilities), classes };
    expect([...confusion(labels, answers, classes)]).toEqual(expected.confusion);
    for (const [name, metric] of Object.entries(metrics))
      expect(metric.of(answered), name).toBeCloseTo(expected.metrics[name as MetricName], 12);
  });
});

describe("calibration", () => {
  it("gives the ECE, its bias by integration, the squared error, Brier score and log loss of numpy, scipy and scikit-learn", () => {
    const { confidences, correct, bins, ...expected } = read<{
      confidences: number[];
      correct: number[];
      bins: number;
      ece: number;
      debiased: number;
      squared: number;
      brier: number;
      logLoss: number;
    }>("calibration");
    const given = calibrationError(confidences, correct, { bins, random: seededRandom(1) });
    expect(given?.points.map(({ n }) => n)).toEqual([15, 15, 15, 15, 15, 15]);
    expect(given?.ece).toBeCloseTo(expected.ece, 12);
    expect(given?.debiased.value).toBeCloseTo(expected.debiased, 9);
    expect(given?.squared).toBeCloseTo(expected.squared, 12);
    expect(given?.brier).toBeCloseTo(expected.brier, 12);
    expect(given?.logLoss).toBeCloseTo(expected.logLoss, 12);
  });
});

describe("quantiles", () => {
  const {
    values,
    type7,
    ranks,
    binomialCdf: cdfs,
  } = read<{
    values: number[];
    type7: { p: number; value: number }[];
    ranks: { n: number; p: number; low: number; high: number }[];
    binomialCdf: { n: number; p: number; cdf: number[] }[];
  }>("quantiles");

  it("are numpy's", () => {
    const ours = quantiles(
      Float64Array.from(values),
      type7.map(({ p }) => p),
    );
    for (const [at, { value }] of type7.entries()) expect(ours[at]).toBeCloseTo(value, 12);
  });

  it.each(ranks)("of $n values at $p lie between the order statistics that scipy's binomial names", ({ n, p, low, high }) => {
    const interval = quantileInterval(
      Float64Array.from({ length: n }, (_, at) => n - at),
      p,
    );
    expect(interval?.low).toBe(low);
    expect(interval?.high).toBe(Math.min(high, n));
    expect(interval?.open).toBe(high > n ? "high" : "none");
  });

  it.each(cdfs)("rest on scipy's binomial distribution", ({ n, p, cdf }) => {
    for (const [k, probability] of binomialCdf(n, p).entries()) expect(probability).toBeCloseTo(cdf[k] ?? Number.NaN, 12);
  });
});
