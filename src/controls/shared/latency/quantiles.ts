import { quantileInterval } from "../../../tensor/index.ts";
import type { Measure, Series } from "../../measured.ts";
import type { Amounts } from "../amounts.ts";

const quantilesShown = [
  ["latency-p50", 0.5],
  ["latency-p95", 0.95],
  ["latency-p99", 0.99],
] as const;
const mostShown = 100;

export const milliseconds: Amounts = { unit: "ms", scale: 1, digits: 2 };

/** The median, the 95th and the 99th percentile of some times, each with an interval where there are values enough. */
export const latencyQuantiles = (timesMs: Float64Array, population: string, confidenceOfEach = 0.95): Measure[] =>
  quantilesShown.flatMap(([name, share]) => {
    const found = quantileInterval(timesMs, share, confidenceOfEach);
    if (found === null) return [];
    const { value, confidence, n, open } = found;
    // Of few values, the interpolated estimate may lie outside its own interval of order statistics.
    const [low, high] = [Math.min(found.low, value), Math.max(found.high, value)];
    return [{ name, value, unit: "ms", low, high, confidence, n, population, ...(open === "none" ? {} : { of: { open } }) }];
  });

/** The share of calls that were at least as fast, at up to `mostShown` of them; nothing where none was timed. */
export function shareWithin(timesMs: Float64Array, name: string): Series[] {
  if (timesMs.length === 0) return [];
  const sorted = timesMs.toSorted();
  const count = Math.min(mostShown, sorted.length);
  const at = Array.from({ length: count }, (_, step) => Math.ceil(((step + 1) * sorted.length) / count) - 1);
  return [
    {
      name,
      kind: "line",
      x: { label: "milliseconds", values: at.map((place) => sorted[place] ?? 0) },
      y: { label: "share answered within", values: at.map((place) => (place + 1) / sorted.length) },
    },
  ];
}
