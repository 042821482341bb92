import { logFactorial } from "./binomial.ts";
import type { Count } from "./interval.ts";

/**
 * Fisher's exact test (1935) that the first share of successes is no greater than the second: the chance of at least as many successes in the first, given the successes in both
 * together. 1 without trials on either side.
 */
export function fisherGreater(first: Count, second: Count): number {
  const [successes, n] = [first.successes + second.successes, first.n + second.n];
  const least = Math.max(0, first.n - (n - successes));
  const most = Math.min(successes, first.n);
  const logOf = (k: number) => logChoose(successes, k) + logChoose(n - successes, first.n - k) - logChoose(n, first.n);
  let sum = 0;
  for (let k = Math.max(least, first.successes); k <= most; k++) sum += Math.exp(logOf(k));
  return Math.min(1, sum);
}

const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/**
 * For each p-value the smallest false-discovery rate at which it is a discovery (Benjamini and Yekutieli 2001): the expected share of false ones among the discoveries stays below
 * that rate however the tests depend on each other.
 */
export function discoveryRates(pValues: readonly number[]): number[] {
  const m = pValues.length;
  const harmonic = pValues.reduce((sum, _, at) => sum + 1 / (at + 1), 0);
  const order = pValues.map((_, at) => at).sort((a, b) => pValues[b]! - pValues[a]!);
  const rates: number[] = new Array(m);
  let least = 1;
  for (const [at, test] of order.entries()) {
    least = Math.min(least, (pValues[test]! * m * harmonic) / (m - at));
    rates[test] = least;
  }
  return rates;
}
