import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import { critical, type Interval } from "./interval.ts";

/** Wilson's score interval of a proportion (1927), without continuity correction; null without trials. */
export function wilson(successes: number, n: number, confidence = 0.95): Interval | null {
  if (n === 0) return null;
  const value = successes / n;
  const z2 = critical(confidence) ** 2;
  const centre = (successes + z2 / 2) / (n + z2);
  const half = Math.sqrt(z2 * (value * (1 - value) * n + z2 / 4)) / (n + z2);
  // Exactly 0 and 1 at the ends: rounding must not push the estimate out of its own interval.
  const low = successes === 0 ? 0 : Math.max(0, centre - half);
  const high = successes === n ? 1 : Math.min(1, centre + half);
  return { value, low, high, confidence, n };
}

/** Clopper and Pearson's exact interval of a proportion (1934): covers at least `confidence`, whatever the proportion; null without trials. */
export function clopperPearson(successes: number, n: number, confidence = 0.95): Interval | null {
  if (n === 0) return null;
  const oneSided = 1 - (1 - confidence) / 2;
  return {
    value: successes / n,
    low: exactBinomialLower(successes, n, oneSided),
    high: exactBinomialUpper(successes, n, oneSided),
    confidence,
    n,
  };
}

/** The exact one-sided upper limit of a proportion: the truth lies above it with a probability of at most 1 - confidence. 1 without trials. */
export function exactBinomialUpper(successes: number, n: number, confidence = 0.95): number {
  if (successes >= n) return 1;
  // At no success the equation has a closed solution, more exact than the quantile's search.
  if (successes === 0) return -Math.expm1(Math.log(1 - confidence) / n);
  return betaQuantile(confidence, successes + 1, n - successes);
}

/** The exact one-sided lower limit of a proportion; 0 without trials. */
export const exactBinomialLower = (successes: number, n: number, confidence = 0.95): number =>
  n === 0 ? 0 : 1 - exactBinomialUpper(n - successes, n, confidence);
