import { clamp, critical, type Interval } from "./interval.ts";
import { exactBinomialUpper } from "./proportions.ts";

/** Scores of the positives and of the negatives. Scores must be numbers; infinite ones are ordered like others. */
export function splitScores(
  scores: ArrayLike<number>,
  positives: ArrayLike<number | boolean>,
): { positive: Float64Array; negative: Float64Array } {
  let [hits, others] = [0, 0];
  for (let row = 0; row < scores.length; row++) {
    if (Number.isNaN(scores[row])) throw new RangeError(`the score of row ${row} is not a number`);
    if (positives[row]) hits++;
  }
  const positive = new Float64Array(hits);
  const negative = new Float64Array(scores.length - hits);
  hits = 0;
  for (let row = 0; row < scores.length; row++) {
    if (positives[row]) positive[hits++] = scores[row]!;
    else negative[others++] = scores[row]!;
  }
  return { positive, negative };
}

/**
 * The area under the ROC curve: how often a positive scores above a negative, a tie counting half (Mann and Whitney), with DeLong's interval (1988) in O(n log n) (Sun and
 * Xu 2014), or Newcombe's (2006, method 5) on the side where that reaches further: of a large area or few rows of one kind, DeLong's is far too narrow. Null unless both kinds are
 * there. Where DeLong's variance is none (perfect separation, scores all equal, a single positive) the interval is exact and wider, from pairs that share no row.
 */
export function auc(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>, confidence = 0.95): Interval | null {
  const { positive, negative } = splitScores(scores, positives);
  const [m, n] = [positive.length, negative.length];
  if (m === 0 || n === 0) return null;
  positive.sort();
  negative.sort();
  const above = sharesBelow(positive, negative);
  const below = sharesBelow(negative, positive);
  const value = average(above);
  const deviation = Math.sqrt(variance(above) / m + variance(below) / n);
  const z = critical(confidence);
  const limits = deviation > 0 ? wider(value, z * deviation, m, n, z) : limitsOfPairs(value, Math.min(m, n), confidence);
  return { value, low: clamp(limits.low, 0, 1), high: clamp(limits.high, 0, 1), confidence, n: m + n };
}

/** For each of the values the share of `others` below it, a tie counting half; both ascending. */
function sharesBelow(values: Float64Array, others: Float64Array): Float64Array {
  let [below, upTo] = [0, 0];
  return values.map((value) => {
    while (below < others.length && others[below]! < value) below++;
    while (upTo < others.length && others[upTo]! <= value) upTo++;
    return (below + upTo) / 2 / others.length;
  });
}

const wider = (value: number, half: number, m: number, n: number, z: number) => ({
  low: Math.min(value - half, modelled(value, m, n, z, 0)),
  high: Math.max(value + half, modelled(value, m, n, z, 1)),
});

/** Where an area, on the way from the estimate to `end`, lies z of its own standard errors away, as Hanley and McNeil (1982) model them: by bisection. */
function modelled(value: number, m: number, n: number, z: number, end: 0 | 1): number {
  const half = (m + n) / 2 - 1;
  const far = (area: number) => {
    const spread = 1 + (half * (1 - area)) / (2 - area) + (half * area) / (1 + area);
    return m * n * (area - value) ** 2 > z * z * area * (1 - area) * spread;
  };
  let [near, beyond] = [value, end as number];
  for (let step = 0; step < 60; step++) {
    const middle = (near + beyond) / 2;
    if (far(middle)) beyond = middle;
    else near = middle;
  }
  return beyond;
}

/**
 * Without a variance, each of `pairs` disjoint pairs of a positive and a negative came out the same way. So the chance that one comes out otherwise is below the exact limit
 * for no success in `pairs` trials, and each that does moves the area by 1 at most, or by 1/2 where all were ties. One pair alone says nothing.
 */
function limitsOfPairs(value: number, pairs: number, confidence: number): { low: number; high: number } {
  if (pairs < 2) return { low: 0, high: 1 };
  const other = exactBinomialUpper(0, pairs, 1 - (1 - confidence) / 2);
  const step = value === 0 || value === 1 ? other : other / 2;
  return { low: value - step, high: value + step };
}

const average = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0) / values.length;

/** NaN of a single value. */
function variance(values: Float64Array): number {
  const middle = average(values);
  return values.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (values.length - 1);
}
