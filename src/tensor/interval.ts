import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";

/** An estimate with a two-sided interval that holds the true value with at least about `confidence`. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  /** The observations that it rests on. */
  readonly n: number;
}

/** How many successes among how many trials. */
export interface Count {
  readonly successes: number;
  readonly n: number;
}

/** The standard normal's two-sided critical value: 1.96 for .95. */
export const critical = (confidence: number) => normalQuantile(1 - (1 - confidence) / 2, 0, 1);

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
