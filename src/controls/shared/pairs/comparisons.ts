import { type JointOptions, type JointPairs, type NamedCount, simultaneousDifferences, simultaneousRatios } from "../../../tensor/index.ts";
import { fixed, points } from "../../verdicts.ts";

interface Limits {
  readonly low?: number;
  readonly high?: number;
}

/** How two groups' rates are compared: by their difference or by their ratio. */
export interface Comparison {
  /** The last part of the measure's name. */
  readonly measure: "gap" | "ratio";
  readonly unit: "points" | "ratio";
  readonly better: "low" | "high";
  /** What two equal rates give. */
  readonly none: number;
  joint(rates: readonly NamedCount[], options: JointOptions): JointPairs;
  /**
   * The interval of the distance, whichever group is truly the higher: a joint interval of the signed difference (or ratio) holds it. Without this a small group whose
   * interval reaches far to the other side would pass as near.
   */
  distance(signed: { readonly low: number; readonly high: number }): { readonly low: number; readonly high: number };
  /** How far the interval reaches into the bad side: the greater the worse. */
  reach(interval: Limits): number;
  /** How far the whole interval lies on the bad side. */
  proof(interval: Limits): number;
  within(interval: Limits, limit: number): boolean;
  beyond(interval: Limits, limit: number): boolean;
  amount(value: number, limit?: number): string;
  /** The number alone, for an interval. */
  bare(value: number, limit?: number): string;
  /** The finding in words, without numbers of the interval. */
  says(rate: string, lower: string, upper: string, value: number): string;
  /** What no pair does when the claim is met. */
  bound(rate: string, furthest: string): string;
}

/** More digits where rounding would make a number look like the limit it is compared with. */
const digitsFor = (value: number, limit: number | undefined, digits: number) =>
  limit !== undefined && value !== limit && value.toFixed(digits) === limit.toFixed(digits) ? digits + 2 : digits;
const inPoints = (value: number, limit?: number) =>
  fixed(value * 100, digitsFor(value * 100, limit === undefined ? undefined : limit * 100, 1));
const asRatio = (value: number, limit?: number) => value.toFixed(digitsFor(value, limit, 2));

export const difference: Comparison = {
  measure: "gap",
  unit: "points",
  better: "low",
  none: 0,
  joint: simultaneousDifferences,
  distance: ({ low, high }) => ({ low: Math.max(0, low), high: Math.max(high, -low) }),
  reach: ({ high = 1 }) => high,
  proof: ({ low = 0 }) => low,
  within: ({ high = 1 }, limit) => high <= limit,
  beyond: ({ low = 0 }, limit) => low > limit,
  amount: (value, limit) => `${inPoints(value, limit)} points`,
  bare: inPoints,
  says: (rate, lower, upper, value) => `${lower}'s ${rate} lies ${points(value)} below ${upper}'s`,
  bound: (rate, furthest) => `no two groups' ${rate}s lie further apart than ${furthest}`,
};

export const ratio: Comparison = {
  measure: "ratio",
  unit: "ratio",
  better: "high",
  none: 1,
  joint: simultaneousRatios,
  distance: ({ low, high }) => ({ low: Math.min(low, 1 / high), high: Math.min(high, 1) }),
  reach: ({ low = 0 }) => -low,
  proof: ({ high = 1 }) => -high,
  within: ({ low = 0 }, limit) => low >= limit,
  beyond: ({ high = 1 }, limit) => high < limit,
  amount: asRatio,
  bare: asRatio,
  says: (rate, lower, upper, value) => `${lower}'s ${rate} is ${value.toFixed(2)} times ${upper}'s`,
  bound: (rate, furthest) => `no group's ${rate} is less than ${furthest} times any other group's`,
};
