import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { binomialCdf, drawBinomial } from "./binomial.ts";
import { type Answered, bootstrap, bootstrapCounts, confusion, jointCounts, type Metric, metrics, quantiles } from "./index.ts";
import { expectCoverage, holds } from "./testing/coverage.ts";

const weightedMean = (values: ArrayLike<number>) => (weights: Int32Array) => {
  let [sum, n] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    sum += (weights[row] ?? 0) * (values[row] ?? 0);
    n += weights[row] ?? 0;
  }
  return sum / n;
};

function answered(n: number, seed: number): Answered {
  const random = seededRandom(seed, "answers");
  const scores = Float64Array.from({ length: n }, () => random.uniform());
  return {
    labels: Int32Array.from(scores, (score) => (random.uniform() < score ? 1 : 0)),
    answers: Int32Array.from(scores, (score) => (score > 0.4 ? 1 : 0)),
    probabilities: Float64Array.from([...scores].flatMap((score) => [1 - score, score])),
    classes: 2,
  };
}

describe("the bootstrap", () => {
  const { values, percentile, bca } = JSON.parse(readFileSync(new URL("../../vectors/tensor/resampling.json", import.meta.url), "utf8"));
  it.each([
    ["percentile", percentile],
    ["bca", bca],
  ] as const)("gives scipy's %s interval of a skewed sample's mean, but for the noise of resampling", (method, [low, high]) => {
    const ours = bootstrap(values.length, weightedMean(values), { replicates: 20_000, random: seededRandom(3), method });
    expect(Math.abs((ours?.low ?? 0) / low - 1)).toBeLessThan(0.02);
    expect(Math.abs((ours?.high ?? 0) / high - 1)).toBeLessThan(0.02);
  });

  it("holds a mean in about 95 % of samples of 60", () => {
    expectCoverage(0.94, 500, "mean", (random) => {
      const sample = Float64Array.from({ length: 60 }, () => random.normal());
      return holds(bootstrap(60, weightedMean(sample), { replicates: 400, random }), 0);
    });
  });

  it("keeps the size of each stratum", () => {
    const strata = Int32Array.of(0, 0, 0, 1, 1, 5);
    const sizes = new Set<string>();
    const sum = (weights: Int32Array, from: number, to: number) => weights.subarray(from, to).reduce((total, each) => total + each, 0);
    bootstrap(
      6,
      (weights) => {
        sizes.add([sum(weights, 0, 3), sum(weights, 3, 5), sum(weights, 5, 6)].join());
        return 0;
      },
      { replicates: 50, random: seededRandom(1), strata },
    );
    expect([...sizes]).toEqual(["3,2,1"]);
  });

  it("is the same again under the same seed", () => {
    const once = () => bootstrap(values.length, weightedMean(values), { replicates: 100, random: seededRandom(3) });
    expect(once()).toEqual(once());
  });

  it("gives no interval where the statistic has no value in many replicates", () => {
    expect(bootstrap(5, (weights) => (weights[0] === 0 ? Number.NaN : 1), { replicates: 200, random: seededRandom(1) })).toBeNull();
  });

  it("of a confusion matrix's counts has the same spread as of its rows", () => {
    const sample = answered(800, 1);
    const options = { replicates: 4000, random: seededRandom(2) };
    for (const name of ["accuracy", "balanced-accuracy", "f1"] as const) {
      const metric: Metric = metrics[name];
      const byRows = bootstrap(800, metric.over(sample), options);
      const byCounts = bootstrapCounts(
        confusion(sample.labels, sample.answers, 2),
        (counts) => metric.ofConfusion?.(counts, 2) ?? Number.NaN,
        options,
      );
      expect(byCounts?.value).toBe(byRows?.value);
      expect(byCounts?.low).toBeCloseTo(byRows?.low ?? 0, 2.3);
      expect(byCounts?.high).toBeCloseTo(byRows?.high ?? 0, 2.3);
    }
  });
});

describe("measures under weights", () => {
  it("are the measures of a table in which each row stands as often as its weight says", () => {
    const sample = answered(60, 4);
    const random = seededRandom(5);
    const weights = Int32Array.from({ length: 60 }, () => random.integer(4));
    const rows = [...weights].flatMap((times, row) => Array.from({ length: times }, () => row));
    const repeated: Answered = {
      labels: Int32Array.from(rows, (row) => sample.labels[row] ?? 0),
      answers: Int32Array.from(rows, (row) => sample.answers[row] ?? 0),
      probabilities: Float64Array.from(
        rows.flatMap((row) => [...(sample.probabilities ?? new Float64Array(0)).subarray(2 * row, 2 * row + 2)]),
      ),
      classes: 2,
    };
    for (const [name, metric] of Object.entries(metrics)) expect(metric.over(sample)(weights), name).toBeCloseTo(metric.of(repeated), 12);
  });

  it("leave out rows whose label is not known", () => {
    const sample = answered(50, 6);
    const labels = sample.labels.map((label, row) => (row < 20 ? -1 : label));
    const rest: Answered = {
      labels: labels.slice(20),
      answers: sample.answers.slice(20),
      probabilities: sample.probabilities?.slice(40) ?? null,
      classes: 2,
    };
    for (const [name, metric] of Object.entries(metrics)) expect(metric.of({ ...sample, labels }), name).toBeCloseTo(metric.of(rest), 12);
  });

  it("know no recall without a positive, and need probabilities where they rank", () => {
    const none: Answered = { labels: Int32Array.of(0, 0), answers: Int32Array.of(0, 1), probabilities: null, classes: 2 };
    expect(metrics.recall.of(none)).toBeNaN();
    expect(metrics.recall.of({ ...none, positive: 0 })).toBe(0.5);
    expect([metrics.precision.of(none), metrics.f1.of(none)]).toEqual([0, 0]);
    expect(metrics.f1.of({ ...none, answers: none.labels })).toBeNaN();
    expect(() => metrics["roc-auc"].of(none)).toThrow(TypeError);
  });
});

describe("joint counts", () => {
  it("count each combination of codes once", () => {
    const { counts, codes } = jointCounts([Int32Array.of(0, 1, 0, 0), Int32Array.of(1, 1, 1, -1)]);
    expect([...counts]).toEqual([2, 1, 1]);
    expect(codes.map((column) => [...column])).toEqual([
      [0, 1, 0],
      [1, 1, -1],
    ]);
  });
});

describe("draws from a binomial", () => {
  it.each([
    [12, 0.3],
    [1000, 0.004],
    [40, 0.5],
    [400, 0.93],
    [20_000, 0.37],
  ])("follow its distribution: n = %i, p = %f", (n, p) => {
    const random = seededRandom(n, "binomial");
    const draws = 20_000;
    const seen = new Float64Array(n + 1);
    for (let draw = 0; draw < draws; draw++) seen[drawBinomial(n, p, random)]! += 1 / draws;
    let [sum, apart] = [0, 0];
    for (const [k, expected] of binomialCdf(n, p).entries()) {
      sum += seen[k] ?? 0;
      apart = Math.max(apart, Math.abs(sum - expected));
    }
    // Kolmogorov and Smirnov's limit at 0.1 %, which is on the safe side for whole numbers.
    expect(apart).toBeLessThan(1.95 / Math.sqrt(draws));
  });

  it("are certain where nothing is left to chance", () => {
    const random = seededRandom(1);
    expect([drawBinomial(0, 0.5, random), drawBinomial(9, 0, random), drawBinomial(9, 1, random)]).toEqual([0, 0, 9]);
  });
});

describe("quantiles", () => {
  it("of nothing are not a number, and the values themselves stay in their order", () => {
    expect(quantiles(new Float64Array(0), [0.5])).toEqual([Number.NaN]);
    const values = Float64Array.of(3, 1, 2);
    expect(quantiles(values, [0, 1])).toEqual([1, 3]);
    expect([...values]).toEqual([3, 1, 2]);
  });
});
