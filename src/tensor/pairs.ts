import type { Count, Interval } from "./interval.ts";
import { clopperPearson } from "./proportions.ts";

/** A proportion with a name: a group's rate. */
export interface NamedCount extends Count {
  readonly name: string;
}

/** With how much confidence joint intervals hold. */
export interface JointOptions {
  /** That all intervals hold together; .95 unless said. */
  readonly confidence?: number;
  /** The number of intervals that are to hold together, where others are drawn beside these (further columns, a second rate); the number of pairs unless said. */
  readonly comparisons?: number;
}

/** One pair of groups. `low` to `high` is part of a joint interval: all such intervals hold together with the stated confidence. */
export interface Pair {
  /** The group whose estimate is higher; of equal ones the one named first. */
  readonly higher: NamedCount;
  readonly lower: NamedCount;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Trials of both groups. */
  readonly n: number;
}

/** All pairs of groups, and how sure their intervals are together. */
export interface JointPairs {
  /** Every pair of groups with trials, once; the most unequal estimate first. */
  readonly pairs: readonly Pair[];
  /** Groups without a single trial: nothing is known of them. */
  readonly empty: readonly string[];
  /** Pairs of which the measure is not defined at all; each also stands in no interval. */
  readonly undefinedPairs: readonly (readonly [string, string])[];
  /** How many intervals hold together. */
  readonly comparisons: number;
  /** The joint confidence, and that of each interval alone. */
  readonly confidence: number;
  readonly pairConfidence: number;
}

/**
 * Joint by Bonferroni: each interval alone has the confidence 1 - alpha / comparisons. Intervals that share a group depend on each other, and Bonferroni holds under any
 * dependence; Sidak, barely narrower, would not be proven for these.
 */
export const bonferroni = (confidence: number, comparisons: number) => 1 - (1 - confidence) / Math.max(1, comparisons);

/**
 * Applies `compare` to each pair of groups that have trials; it sees both groups' exact intervals (Clopper and Pearson 1934), each at the confidence of one pair, and gives null
 * where its measure is not defined. Score intervals would not do: at the small errors that many pairs leave each of them, a group of one to ten rows would be called different
 * many times as often as promised.
 */
export function jointPairs(
  counts: readonly NamedCount[],
  { confidence = 0.95, comparisons }: JointOptions,
  compare: (higher: Interval, lower: Interval) => Interval | null,
): JointPairs {
  const known = counts.filter(({ n }) => n > 0);
  const together = comparisons ?? (known.length * (known.length - 1)) / 2;
  const pairConfidence = bonferroni(confidence, together);
  const exact = known.flatMap((count) => {
    const interval = clopperPearson(count.successes, count.n, pairConfidence);
    return interval === null ? [] : [{ count, interval }];
  });
  const pairs: Pair[] = [];
  const undefinedPairs: [string, string][] = [];
  for (const [at, one] of exact.entries()) {
    for (const other of exact.slice(at + 1)) {
      const otherIsHigher = other.count.successes * one.count.n > one.count.successes * other.count.n;
      const [higher, lower] = otherIsHigher ? [other, one] : [one, other];
      const compared = compare(higher.interval, lower.interval);
      if (compared === null) undefinedPairs.push([one.count.name, other.count.name]);
      else pairs.push({ ...compared, higher: higher.count, lower: lower.count });
    }
  }
  const empty = counts.filter(({ n }) => n === 0).map(({ name }) => name);
  return { pairs, empty, undefinedPairs, comparisons: together, confidence, pairConfidence };
}
