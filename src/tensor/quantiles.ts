import { binomialCdf } from "./binomial.ts";
import type { Interval } from "./interval.ts";

/** Quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7, as numpy has them); NaN of no values. */
export function quantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const sorted = values.toSorted();
  return probabilities.map((probability) => quantileOfSorted(sorted, probability));
}

/** `sorted` ascending. */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}

/** The arithmetic mean; NaN of no values. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/**
 * A quantile of the population with the exact, distribution-free interval between two order statistics. Where the sample is too small for a side (the 99th percentile of 50
 * values has no upper limit), that side is the sample's extreme and `open` names it: the true limit lies beyond. Null without values.
 */
export function quantileInterval(
  values: Float64Array,
  probability: number,
  confidence = 0.95,
): (Interval & { readonly open: "none" | "low" | "high" | "both" }) | null {
  const n = values.length;
  if (n === 0) return null;
  const sorted = values.toSorted();
  const tail = (1 - confidence) / 2;
  // The k-th smallest (1-based) lies above the quantile with probability P(Binomial(n, p) < k).
  const cdf = binomialCdf(n, probability);
  let lower = 0;
  while (lower < n && cdf[lower]! <= tail) lower++;
  let upper = 1;
  while (upper <= n && cdf[upper - 1]! < 1 - tail) upper++;
  const openLow = lower === 0;
  const openHigh = upper > n;
  return {
    value: quantileOfSorted(sorted, probability),
    low: sorted[Math.max(0, lower - 1)]!,
    high: sorted[Math.min(n, upper) - 1]!,
    confidence,
    n,
    open: openLow ? (openHigh ? "both" : "low") : openHigh ? "high" : "none",
  };
}
