import { type Count, critical, type Interval } from "./interval.ts";
import { type JointOptions, type JointPairs, jointPairs, type NamedCount } from "./pairs.ts";

/**
 * The ratio a / b of two independent proportions (Koopman 1984, the score interval: no logarithm of nothing, so a zero in `a` has an interval of its own, from 0).
 * Null when either has no trials or `b` has no success: the ratio is then not estimated at all.
 */
export function koopman(a: Count, b: Count, confidence = 0.95): Interval | null {
  if (a.n === 0 || b.n === 0 || b.successes === 0) return null;
  const value = a.successes / a.n / (b.successes / b.n);
  const limit = critical(confidence) ** 2;
  const far = (ratio: number) => scoreStatistic(a, b, ratio) > limit;
  const low = a.successes === 0 ? 0 : edge(far, value, 0.5);
  const high = edge(far, Math.max(value, 1e-12), 2);
  return { value, low, high, confidence, n: a.n + b.n };
}

/** Squared distance of the data from "p of a = ratio * p of b", in standard errors at the most likely such proportions. */
function scoreStatistic(a: Count, b: Count, ratio: number): number {
  const quadratic = (a.n + b.n) * ratio;
  const linear = ratio * (a.n + b.successes) + a.successes + b.n;
  const constant = a.successes + b.successes;
  // The smaller root of quadratic p² - linear p + constant, in the form that does not cancel.
  const pb = (2 * constant) / (linear + Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant)));
  const pa = Math.min(1, pb * ratio);
  const difference = a.successes / a.n - (ratio * b.successes) / b.n;
  if (difference === 0) return 0;
  return difference ** 2 / ((pa * (1 - pa)) / a.n + (ratio ** 2 * pb * Math.max(0, 1 - pb)) / b.n);
}

/** Where `far` becomes true, going from `inside` by powers of `factor`, then by bisection. */
function edge(far: (ratio: number) => boolean, inside: number, factor: number): number {
  let near = inside;
  let beyond = inside * factor;
  for (; !far(beyond) && beyond > 1e-300 && beyond < 1e300; beyond *= factor) near = beyond;
  for (let step = 0; step < 100 && near !== beyond; step++) {
    const middle = (near + beyond) / 2;
    if (far(middle)) beyond = middle;
    else near = middle;
  }
  return beyond;
}

/**
 * The ratios between all pairs of groups, each the lower estimate over the higher one, so that `value` is at most 1; `high` may be above. All intervals hold together.
 * A pair in which neither group has a success has no ratio and stands in `undefinedPairs`.
 */
export function simultaneousRatios(rates: readonly NamedCount[], options: JointOptions = {}): JointPairs {
  const joint = jointPairs(rates, options, (higher, lower, confidence) => koopman(lower, higher, confidence));
  return { ...joint, pairs: joint.pairs.toSorted((a, b) => a.value - b.value) };
}
