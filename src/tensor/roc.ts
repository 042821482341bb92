import { splitScores } from "./auc.ts";
import { binomialCdf } from "./binomial.ts";
import { clamp, type Interval } from "./interval.ts";
import { exactBinomialLower, exactBinomialUpper } from "./proportions.ts";
import { ascending, endOfTie } from "./ranks.ts";

/** Rows whose score is at least `threshold` are called positive. */
export interface RocPoint {
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** The ROC curve from (0, 0) to (1, 1), of at most `most` points chosen so that it plots well on a linear and on a logarithmic axis; null unless both kinds are there. */
export function roc(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>, most = 200): readonly RocPoint[] | null {
  const { positive, negative } = splitScores(scores, positives);
  if (positive.length === 0 || negative.length === 0) return null;
  const order = ascending(scores).reverse();
  const keep = distinct(scores, order) < most ? () => true : spread(negative.length, most);
  const points: RocPoint[] = [{ threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 }];
  let [hits, alarms] = [0, 0];
  for (let from = 0; from < order.length; ) {
    const to = endOfTie(scores, order, from);
    for (let at = from; at < to; at++) positives[order[at]!] ? hits++ : alarms++;
    const point = {
      threshold: scores[order[from]!]!,
      falsePositiveRate: alarms / negative.length,
      truePositiveRate: hits / positive.length,
    };
    if (to === order.length || keep(point, points.length)) points.push(point);
    from = to;
  }
  return points;
}

function distinct(scores: ArrayLike<number>, order: Uint32Array): number {
  let count = 0;
  for (let from = 0; from < order.length; from = endOfTie(scores, order, from)) count++;
  return count;
}

/** Which points to keep, beside the last: at equal steps along the curve. */
function spread(n: number, most: number): (point: RocPoint, kept: number) => boolean {
  // A place along the curve that grows with every step: on the plain axes, and on the false-positive rate's logarithm.
  const along = ({ falsePositiveRate, truePositiveRate }: RocPoint) =>
    falsePositiveRate + truePositiveRate + Math.log1p(falsePositiveRate * n) / Math.log1p(n);
  return (point, kept) => kept < most - 1 && along(point) >= (3 * kept) / (most - 1);
}

/**
 * The true-positive rate where the population's false-positive rate is `fpr` (a tie at the threshold is shared, as by a coin, so that useless scores give `fpr` itself).
 * The threshold is estimated too: of the negatives' order statistics two are taken that lie on the strict and on the lenient side of the population's threshold, each but for
 * a quarter of the error; the exact limits of the true-positive rate there, at a quarter each, hold together with at least `confidence`, whatever the distributions. A
 * side on which the negatives are too few has no limit (0 or 1). Null unless both kinds are there.
 */
export function tprAtFpr(
  scores: ArrayLike<number>,
  positives: ArrayLike<number | boolean>,
  fpr: number,
  confidence = 0.95,
): Interval | null {
  if (!(fpr > 0 && fpr < 1)) throw new RangeError(`a false-positive rate between 0 and 1 is needed, not ${fpr}`);
  const { positive, negative } = splitScores(scores, positives);
  const [m, n] = [positive.length, negative.length];
  if (m === 0 || n === 0) return null;
  const falling = negative.sort().reverse();
  const quarter = (1 - confidence) / 4;
  const { strict, lenient } = ranksAround(n, fpr, quarter);
  const above = (threshold: number) => positive.reduce((sum, score) => sum + (score > threshold ? 1 : 0), 0);
  const from = (threshold: number) => positive.reduce((sum, score) => sum + (score >= threshold ? 1 : 0), 0);
  const low = strict === 0 ? 0 : exactBinomialLower(above(falling[strict - 1]!), m, 1 - quarter);
  const high = lenient > n ? 1 : exactBinomialUpper(from(falling[lenient - 1]!), m, 1 - quarter);
  return { value: clamp(interpolated(falling, fpr, above, from) / m, low, high), low, high, confidence, n: m + n };
}

/**
 * Ranks (1-based, from the highest score) of negatives. The share of the population above the r-th highest of n is Beta(r, n - r + 1), so that it is at most `fpr` with
 * probability P(Binomial(n, fpr) >= r): `strict` is the largest rank for which that is at least 1 - error (0: none is), `lenient` the smallest for which it is at most
 * error (n + 1: none is).
 */
function ranksAround(n: number, fpr: number, error: number): { strict: number; lenient: number } {
  const cdf = binomialCdf(n, fpr);
  let strict = 0;
  while (strict < n && cdf[strict]! <= error) strict++;
  let lenient = 1;
  while (lenient <= n && cdf[lenient - 1]! < 1 - error) lenient++;
  return { strict, lenient };
}

/** Positives called so at the sample's own threshold. */
function interpolated(falling: Float64Array, fpr: number, above: (t: number) => number, from: (t: number) => number): number {
  const allowed = fpr * falling.length;
  const threshold = falling[Math.min(falling.length - 1, Math.floor(allowed))]!;
  const strictly = falling.indexOf(threshold);
  const tied = falling.lastIndexOf(threshold) + 1 - strictly;
  const strict = above(threshold);
  return strict + ((from(threshold) - strict) * (allowed - strictly)) / tied;
}
