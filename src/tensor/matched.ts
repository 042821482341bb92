import { clamp, critical, type Interval } from "./interval.ts";

/**
 * The difference of two proportions on the same `n` rows: of those right for the first alone less those right for the second alone, as a share. Wald's interval after half a
 * row was added to each of the four ways in which the two can be right or wrong (Agresti and Min 2005), so that no differing row is not no doubt. Null without rows.
 */
export function matchedDifference(firstAlone: number, secondAlone: number, n: number, confidence: number): Interval | null {
  if (n === 0) return null;
  const [rows, first, second] = [n + 2, firstAlone + 0.5, secondAlone + 0.5];
  const centre = (first - second) / rows;
  const error = Math.sqrt(first + second - (first - second) ** 2 / rows) / rows;
  const reach = critical(confidence) * error;
  const value = (firstAlone - secondAlone) / n;
  return {
    value,
    low: clamp(Math.min(centre - reach, value), -1, 1),
    high: clamp(Math.max(centre + reach, value), -1, 1),
    confidence,
    n,
  };
}
