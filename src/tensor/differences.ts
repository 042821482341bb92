import type { Count, Interval } from "./interval.ts";
import { type JointOptions, type JointPairs, jointPairs, type NamedCount } from "./pairs.ts";
import { wilson } from "./proportions.ts";

/** The difference a - b of two independent proportions (Newcombe 1998, method 10: from the two Wilson intervals); null when either has no trials. */
export function newcombe(a: Count, b: Count, confidence = 0.95): Interval | null {
  const first = wilson(a.successes, a.n, confidence);
  const second = wilson(b.successes, b.n, confidence);
  if (first === null || second === null) return null;
  const value = first.value - second.value;
  const low = value - Math.hypot(first.value - first.low, second.high - second.value);
  const high = value + Math.hypot(first.high - first.value, second.value - second.low);
  return { value, low, high, confidence, n: a.n + b.n };
}

/**
 * The differences between all pairs of groups, each the higher estimate minus the lower one, so that `value` is never negative; `low` may be. All intervals hold together,
 * so that the worst pair may be picked and quoted. Newcombe's interval is an approximation: with some ten trials and a rate near 0 or 1 it covers less than it says (a
 * simulation gave 91 % for 95 %, with 10 trials at .99); name such groups as too small.
 */
export function simultaneousDifferences(rates: readonly NamedCount[], options: JointOptions = {}): JointPairs {
  const joint = jointPairs(rates, options, newcombe);
  return { ...joint, pairs: joint.pairs.toSorted((a, b) => b.value - a.value) };
}
