import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../base/index.ts";
import { calibrationError, clopperPearson, debiasedCalibrationError } from "./index.ts";
import { expectCoverage, holds } from "./testing/coverage.ts";

const bins = 10;
const options = (random: Random) => ({ random, replicates: 150, bins });

/** Confidences, and outcomes that come true with a probability of `truth(confidence)`. */
function sample(random: Random, n: number, truth: (confidence: number) => number) {
  const confidences = Float64Array.from({ length: n }, () => 0.5 + random.uniform() / 2);
  return {
    confidences,
    correct: Uint8Array.from(confidences, (each) => (random.uniform() < truth(each) ? 1 : 0)),
    expected: confidences.map(truth),
  };
}

/** The error over the bins with nothing left to chance. */
function trueError({ confidences, expected }: ReturnType<typeof sample>): number {
  const order = [...confidences.keys()].sort((a, b) => (confidences[a] ?? 0) - (confidences[b] ?? 0));
  const bin = confidences.length / bins;
  let error = 0;
  for (let from = 0; from < order.length; from += bin) {
    error += Math.abs(order.slice(from, from + bin).reduce((sum, row) => sum + (expected[row] ?? 0) - (confidences[row] ?? 0), 0));
  }
  return error / confidences.length;
}

const overconfident = (confidence: number) => confidence - 0.1;

describe("the calibration error", () => {
  it.each([
    ["perfect confidences", (confidence: number) => confidence],
    ["overconfident ones", overconfident],
    ["ones that are wrong at one end", (confidence: number) => Math.min(confidence, 0.8)],
  ] as const)("of %s lies in its interval in at least 95 % of samples", (name, truth) => {
    expectCoverage(0.95, 250, name, (random) => {
      const drawn = sample(random, 500, truth);
      return holds(calibrationError(drawn.confidences, drawn.correct, options(random))?.debiased ?? null, trueError(drawn));
    });
  });

  it("of perfect confidences is told from noise in at most 5 % of samples, of overconfident ones nearly always", () => {
    const called = (truth: (confidence: number) => number) => {
      let found = 0;
      for (let seed = 0; seed < 200; seed++) {
        const random = seededRandom(seed, "null");
        const { confidences, correct } = sample(random, 600, truth);
        if ((calibrationError(confidences, correct, options(random))?.null.pValue ?? 1) <= 0.05) found++;
      }
      return clopperPearson(found, 200, 0.998);
    };
    expect(called((confidence) => confidence)?.low).toBeLessThanOrEqual(0.05);
    expect(called(overconfident)?.low).toBeGreaterThan(0.9);
  });

  it("as usually quoted is noise in a small sample of perfect confidences; less its bias it is about half of that", () => {
    let [plain, debiased] = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed, "bias");
      const { confidences, correct } = sample(random, 300, (confidence) => confidence);
      const error = calibrationError(confidences, correct, options(random));
      plain += (error?.ece ?? 0) / 200;
      debiased += (error?.debiased.value ?? 0) / 200;
    }
    expect(plain).toBeGreaterThan(0.04);
    expect(debiased).toBeLessThan(0.7 * plain);
  });

  it.each([
    ["row by row", 40_000],
    ["from the sums' distribution", 60_000],
  ])("of perfect confidences is, drawn %s, the mean of the bins' absolute noise", (_how, n) => {
    const { confidences, correct } = sample(seededRandom(6), n, (confidence) => confidence);
    const given = calibrationError(confidences, correct, { ...options(seededRandom(7)), replicates: 400 });
    const sorted = confidences.toSorted();
    const deviations = Array.from({ length: bins }, (_, bin) =>
      Math.sqrt(sorted.subarray((bin * n) / bins, ((bin + 1) * n) / bins).reduce((sum, each) => sum + each * (1 - each), 0)),
    );
    const expected = (Math.sqrt(2 / Math.PI) * deviations.reduce((sum, each) => sum + each, 0)) / n;
    expect((given?.null.mean ?? 0) / expected).toBeCloseTo(1, 1);
  });

  it("less its bias is the same without the null", () => {
    const random = seededRandom(11, "without the null");
    const confidences = Float64Array.from({ length: 400 }, () => random.uniform());
    const correct = confidences.map((confidence) => (random.uniform() < confidence ? 1 : 0));
    const options = { replicates: 200, bins: 10, confidence: 0.9 };
    const whole = calibrationError(confidences, correct, { ...options, random: seededRandom(1) });
    expect(debiasedCalibrationError(confidences, correct, { ...options, random: seededRandom(1) })).toEqual(whole?.debiased);
    expect(debiasedCalibrationError([], [], { random })).toBeNull();
  });

  it("does not depend on the order of rows, even where many have the same confidence", () => {
    const random = seededRandom(8);
    const rows = Array.from({ length: 200 }, () => ({ confidence: random.integer(4) / 4, correct: random.integer(2) }));
    const of = (given: typeof rows) =>
      calibrationError(
        given.map(({ confidence }) => confidence),
        given.map(({ correct }) => correct),
        options(seededRandom(9)),
      );
    expect(of(rows)?.points).toHaveLength(4);
    const [one, other] = [of(rows), of(rows.toReversed())];
    expect(one?.points).toEqual(other?.points);
    expect(one?.ece).toBe(other?.ece);
  });

  it("is finite for certain confidences that were wrong, and unknown without rows", () => {
    expect(calibrationError([1, 0, 1], [0, 0, 1], options(seededRandom(1)))?.logLoss).toBeCloseTo(-Math.log(2 ** -52) / 3, 9);
    expect(calibrationError([], [], options(seededRandom(1)))).toBeNull();
  });
});
