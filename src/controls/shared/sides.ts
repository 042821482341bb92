import type { Measure } from "../measured.ts";
import { count } from "../verdicts.ts";
import { type Amounts, amount, bare } from "./amounts.ts";
import { roughly } from "./growth.ts";

export type Better = "low" | "high";

/** Where an estimate's interval lies: wholly on the good side of the limit, wholly on the bad side, or on both. */
export function sideOf({ value, low = value, high = value }: Measure, limit: number, better: Better): "good" | "bad" | "both" {
  const [good, bad] = better === "low" ? [high <= limit, low > limit] : [low >= limit, high < limit];
  return good ? "good" : bad ? "bad" : "both";
}

/** `1.2 points (95 % interval 0.8 to 1.9; limit 5.0 points)`. */
export function besideLimit(measure: Measure, limit: number, amounts: Amounts, { named = "limit", joint = "" } = {}): string {
  const interval = [joint, intervalOf(measure, amounts, limit)].filter(Boolean).join(" ");
  return `${amount(measure.value, amounts, limit)} (${interval === joint ? "" : `${interval}; `}${named} ${amount(limit, amounts)})`;
}

/** `91.2 % (95 % interval 88.9 to 93.1)`, where there is no limit to stand beside. */
export function withInterval(measure: Measure, amounts: Amounts): string {
  const interval = intervalOf(measure, amounts);
  return `${amount(measure.value, amounts)}${interval === "" ? "" : ` (${interval})`}`;
}

function intervalOf({ low, high, confidence = 0.95 }: Measure, amounts: Amounts, limit?: number): string {
  if (low === undefined || high === undefined) return "";
  return `${Math.round(confidence * 1000) / 10} % interval ${bare(low, amounts, limit)} to ${bare(high, amounts, limit)}`;
}

const mostFactor = 10_000;

/** About how many rows would bring the interval to one side of the limit, if the estimate stayed: its width falls with the square root of the rows. */
export function rowsToDecide({ value, low = value, high = value, n = 0 }: Measure, limit: number): number | null {
  const half = value > limit ? value - low : high - value;
  const factor = (half / Math.abs(value - limit)) ** 2;
  return Number.isFinite(factor) && factor <= mostFactor && n > 0 ? roughly(n * Math.max(1, factor) * 1.05) : null;
}

/** What would end the doubt about an estimate, in the imperative. */
export function moreRows(measure: Measure, limit: number, what = "test rows"): string {
  const rows = rowsToDecide(measure, limit);
  return rows === null
    ? `Gather more ${what}; the estimate lies so near to the limit that no realistic number decides unless the model changes.`
    : `Gather more ${what}: about ${count(rows)} in all (now ${count(measure.n ?? 0)}) would decide, if the estimate stays as it is.`;
}
