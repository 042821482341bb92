import type { Interval } from "./interval.ts";
import { type JointOptions, type JointPairs, jointPairs, type NamedCount } from "./pairs.ts";

/**
 * The difference a - b of two independent estimates, from their own intervals by the square-root rule of Zou and Donner (2008). Of two proportions with Wilson's intervals this is
 * Newcombe's (1998, method 10).
 */
export function differenceOf(a: Interval, b: Interval): Interval {
  const value = a.value - b.value;
  const low = value - Math.hypot(a.value - a.low, b.high - b.value);
  const high = value + Math.hypot(a.high - a.value, b.value - b.low);
  return { value, low, high, confidence: Math.min(a.confidence, b.confidence), n: a.n + b.n };
}

/**
 * The differences between all pairs of groups, each the higher estimate minus the lower one, so that `value` is never negative; `low` may be. All intervals hold together,
 * so that the worst pair may be picked and quoted, small groups included: each comes from the two groups' exact intervals.
 */
export function simultaneousDifferences(rates: readonly NamedCount[], options: JointOptions = {}): JointPairs {
  const joint = jointPairs(rates, options, differenceOf);
  return { ...joint, pairs: joint.pairs.toSorted((a, b) => b.value - a.value) };
}
