import type { Interval } from "./interval.ts";
import { type JointOptions, type JointPairs, jointPairs, type NamedCount } from "./pairs.ts";

/**
 * The ratio a / b of two independent shares, from their own intervals by the square-root rule (Donner and Zou 2012, Fieller's theorem with the distances to the limits in place of
 * standard errors). A zero in `a` has an interval of its own, from 0. Null when `b` is zero: the ratio is then not estimated at all.
 */
export function ratioOf(a: Interval, b: Interval): Interval | null {
  if (b.value === 0) return null;
  const value = a.value / b.value;
  const low = limit(a.value, a.low, b.value, b.high, -1);
  const high = limit(a.value, a.high, b.value, b.low, 1);
  return {
    value,
    low: Math.max(0, Math.min(low, value)),
    high: Math.max(high, value),
    confidence: Math.min(a.confidence, b.confidence),
    n: a.n + b.n,
  };
}

/** Where (a - ratio * b)² = (a - aEnd)² + ratio² (b - bEnd)², on the side of `sign`; without end where b may be zero. */
function limit(a: number, aEnd: number, b: number, bEnd: number, sign: 1 | -1): number {
  const quadratic = bEnd * (2 * b - bEnd);
  const constant = aEnd * (2 * a - aEnd);
  const product = a * b;
  const root = Math.sqrt(Math.max(0, product * product - quadratic * constant));
  // Of the two forms of each root, the one that neither cancels nor divides by zero.
  if (sign < 0) return product + root > 0 ? constant / (product + root) : 0;
  return quadratic > 0 ? (product + root) / quadratic : Number.POSITIVE_INFINITY;
}

/**
 * The ratios between all pairs of groups, each the lower estimate over the higher one, so that `value` is at most 1; `high` may be above. All intervals hold together, small
 * groups included: each comes from the two groups' exact intervals. A pair in which neither group has a success has no ratio and stands in `undefinedPairs`.
 */
export function simultaneousRatios(rates: readonly NamedCount[], options: JointOptions = {}): JointPairs {
  const joint = jointPairs(rates, options, (higher, lower) => ratioOf(lower, higher));
  return { ...joint, pairs: joint.pairs.toSorted((a, b) => a.value - b.value) };
}
