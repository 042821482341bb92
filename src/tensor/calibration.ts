import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import type { Random } from "../base/index.ts";
import { drawBinomial } from "./binomial.ts";
import { type CalibrationBin, equalMassBins } from "./calibration-bins.ts";
import { clamp, critical, type Interval } from "./interval.ts";
import { quantileOfSorted } from "./quantiles.ts";

/** How calibration is estimated. */
export interface CalibrationOptions {
  readonly random: Random;
  /** Bins of about equal size; 15 unless said. */
  readonly bins?: number;
  /** Draws of the null and of the noise; 1,000 unless said. */
  readonly replicates?: number;
  /** Draws of the null alone, which take time with the rows; `replicates` unless said. */
  readonly nullReplicates?: number;
  readonly confidence?: number;
}

/** How far confidences lie from what happened, with what noise alone would show. */
export interface Calibration {
  readonly n: number;
  /** Expected calibration error as usually quoted: the mean over rows of |observed share - mean confidence| of their bin. Noise alone makes it positive. */
  readonly ece: number;
  /** The same with its bias taken off, never below 0, and an interval that is honest near zero: see `calibrationError`. */
  readonly debiased: Interval;
  /** The squared binned error, unbiased (Kumar, Liang and Ma 2019); below zero where noise explains more than all of it. */
  readonly squared: number;
  /** The `ece` of perfectly calibrated confidences of the same values: its mean, its quantile at `confidence`, and how often it is at least the `ece` seen. */
  readonly null: { readonly mean: number; readonly high: number; readonly pValue: number };
  readonly brier: number;
  /** In nats. */
  readonly logLoss: number;
  readonly points: readonly CalibrationBin[];
}

type Estimating = Pick<CalibrationOptions, "random" | "bins" | "replicates" | "confidence">;

/** `debiased` of `calibrationError` alone: without the null, whose draws take nearly all the time. */
export function debiasedCalibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  options: Estimating,
): Interval | null {
  if (confidences.length === 0) return null;
  const { bins = 15, confidence = 0.95 } = options;
  return debiasedOf(equalMassBins(confidences, correct, bins, confidence).points, options);
}

/**
 * How far confidences lie from what happened. `confidences` in [0, 1]; `correct` 1 where what was predicted with that confidence happened. Null without rows.
 *
 * The estimate: the plug-in ECE less its bias under normal noise (Kumar, Liang and Ma 2019, in closed form). The interval does not resample the ECE, since its bootstrap
 * cannot come near zero. It uses two inequalities on the binned error T that hold whatever the true errors are, to the normal approximation of a bin's share. Above:
 * T is at least the true error plus a sum of the bins' noises, signed, so T + z * sd of that sum is an upper limit. Below: T is at most the true error plus the sum of the
 * absolute noises, so T less the latter's upper quantile is a lower limit. Both speak of the error over these bins; within a bin errors may cancel.
 */
export function calibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  options: CalibrationOptions,
): Calibration | null {
  const { random, bins = 15, replicates = 1000, nullReplicates = replicates, confidence = 0.95 } = options;
  const n = confidences.length;
  if (n === 0) return null;
  const { points, rows } = equalMassBins(confidences, correct, bins, confidence);
  const ece = plugIn(points);
  return {
    n,
    ece,
    debiased: debiasedOf(points, options),
    squared: weighted(points, (bin) => (bin.observed - bin.confidence) ** 2 - noise(bin) ** 2),
    null: nullOf(confidences, rows, points, ece, nullReplicates, confidence, random.fork("null")),
    ...scoresOf(confidences, correct),
    points,
  };
}

const plugIn = (points: readonly CalibrationBin[]) => weighted(points, ({ observed, confidence: mean }) => Math.abs(observed - mean));

function debiasedOf(points: readonly CalibrationBin[], { random, replicates = 1000, confidence = 0.95 }: Estimating): Interval {
  const n = points.reduce((sum, bin) => sum + bin.n, 0);
  const ece = plugIn(points);
  const bias = weighted(points, (bin) => foldedMean(bin.observed - bin.confidence, noise(bin)) - Math.abs(bin.observed - bin.confidence));
  const spread = Math.sqrt(points.reduce((sum, bin) => sum + ((bin.n / n) * smoothedNoise(bin)) ** 2, 0));
  const low = Math.max(0, ece - noiseQuantile(points, 1 - (1 - confidence) / 2, replicates, random.fork("noise")));
  const high = Math.min(1, ece + critical(confidence) * spread);
  return { value: clamp(ece - bias, low, high), low, high, confidence, n };
}

function weighted(points: readonly CalibrationBin[], value: (bin: CalibrationBin) => number): number {
  const total = points.reduce((sum, bin) => sum + bin.n, 0);
  return points.reduce((sum, bin) => sum + (bin.n / total) * value(bin), 0);
}

/** The standard error of a bin's observed share, with the unbiased variance; a bin of one row has none. */
const noise = ({ observed, n }: CalibrationBin) => (n < 2 ? 0 : Math.sqrt((observed * (1 - observed)) / (n - 1)));

/** Two successes and two failures more (Agresti and Coull 1998): a bin in which all came true is not without noise. */
const smoothedShare = ({ observed, n }: CalibrationBin) => (observed * n + 2) / (n + 4);
const smoothedNoise = (bin: CalibrationBin) => Math.sqrt((smoothedShare(bin) * (1 - smoothedShare(bin))) / bin.n);

/** E|X| of a normal X. */
function foldedMean(mean: number, deviation: number): number {
  if (deviation === 0) return Math.abs(mean);
  const ratio = mean / deviation;
  return deviation * Math.sqrt(2 / Math.PI) * Math.exp((-ratio * ratio) / 2) + mean * (1 - 2 * normalCdf(-ratio, 0, 1));
}

/** A quantile of what noise alone adds at most: the bins' absolute deviations from their own (smoothed) share. */
function noiseQuantile(points: readonly CalibrationBin[], probability: number, replicates: number, random: Random): number {
  const draws = Float64Array.from({ length: replicates }, () =>
    weighted(points, (bin) => Math.abs(drawBinomial(bin.n, smoothedShare(bin), random) / bin.n - smoothedShare(bin))),
  );
  return quantileOfSorted(draws.sort(), probability);
}

/** A bin of more rows is drawn from the normal distribution of its sum, whose error is then far below that of the replicates: else ten million rows would take minutes. */
const mostDrawnOneByOne = 5000;

/** What the plug-in ECE would be if each row's outcome came true with exactly its confidence. `rows` are in the order of the bins. */
function nullOf(
  confidences: ArrayLike<number>,
  rows: Uint32Array,
  points: readonly CalibrationBin[],
  ece: number,
  replicates: number,
  confidence: number,
  random: Random,
): Calibration["null"] {
  const draws = new Float64Array(replicates);
  let start = 0;
  for (const { n } of points) {
    const sorted = Float64Array.from(rows.subarray(start, start + n), (row) => confidences[row]!);
    const draw = deviationsOf(sorted, random);
    for (let replicate = 0; replicate < replicates; replicate++) draws[replicate]! += Math.abs(draw()) / rows.length;
    start += n;
  }
  const sum = draws.reduce((total, draw) => total + draw, 0);
  const reached = draws.filter((draw) => draw >= ece - 1e-12).length;
  return { mean: sum / replicates, high: quantileOfSorted(draws.sort(), confidence), pValue: (1 + reached) / (1 + replicates) };
}

/** Draws by how many more of a bin's rows come true than their confidences sum to. */
function deviationsOf(confidences: Float64Array, random: Random): () => number {
  const expected = confidences.reduce((sum, each) => sum + each, 0);
  if (confidences.length > mostDrawnOneByOne) {
    const deviation = Math.sqrt(confidences.reduce((sum, each) => sum + each * (1 - each), 0));
    return () => deviation * random.normal();
  }
  return () => {
    let happened = 0;
    for (const each of confidences) if (random.uniform() < each) happened++;
    return happened - expected;
  };
}

function scoresOf(confidences: ArrayLike<number>, correct: ArrayLike<number | boolean>): { brier: number; logLoss: number } {
  let [brier, logLoss] = [0, 0];
  for (let row = 0; row < confidences.length; row++) {
    const happened = correct[row] ? 1 : 0;
    brier += (confidences[row]! - happened) ** 2;
    logLoss -= Math.log(Math.max(Number.EPSILON, happened ? confidences[row]! : 1 - confidences[row]!));
  }
  return { brier: brier / confidences.length, logLoss: logLoss / confidences.length };
}
