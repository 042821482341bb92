import type { Interval } from "./interval.ts";
import { wilson } from "./proportions.ts";
import { ascending, endOfTie } from "./ranks.ts";

/** Rows of similar confidence: what was said on average, and what happened with its Wilson interval. */
export interface CalibrationBin {
  /** The smallest and the largest confidence in it. */
  readonly from: number;
  readonly to: number;
  /** The mean confidence. */
  readonly confidence: number;
  /** The share that came true. */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/**
 * At most `bins` bins of about equal size, by ascending confidence; rows of equal confidence stay together, so that the bins depend on the values alone, not on the rows'
 * order. `rows` are the rows in the order of the bins.
 */
export function equalMassBins(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  bins: number,
  level: number,
): { points: readonly CalibrationBin[]; rows: Uint32Array } {
  const rows = ascending(confidences);
  const points: CalibrationBin[] = [];
  for (let from = 0; from < rows.length; ) {
    const due = Math.max(from + 1, Math.round((rows.length * (points.length + 1)) / bins));
    const to = points.length === bins - 1 ? rows.length : endOfTie(confidences, rows, Math.min(rows.length, due) - 1);
    points.push(binOf(rows.subarray(from, to), confidences, correct, level));
    from = to;
  }
  return { points, rows };
}

function binOf(rows: Uint32Array, confidences: ArrayLike<number>, correct: ArrayLike<number | boolean>, level: number): CalibrationBin {
  let [sum, happened] = [0, 0];
  for (const row of rows) {
    sum += confidences[row]!;
    if (correct[row]) happened++;
  }
  // A bin is never empty, so the interval is there.
  const { value: observed, low, high } = wilson(happened, rows.length, level) as Interval;
  const [from, to] = [confidences[rows[0]!]!, confidences[rows.at(-1)!]!];
  return { from, to, confidence: sum / rows.length, observed, low, high, n: rows.length };
}
