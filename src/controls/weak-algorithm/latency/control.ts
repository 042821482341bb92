import { quantileInterval } from "../../../tensor/index.ts";
import { declared, defineControl, effort } from "../../define.ts";
import type { Measure, Series } from "../../measured.ts";
import { latencies } from "../../needs/latency.ts";
import type { Amounts } from "../../shared/amounts.ts";
import { besideLimit, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "answers to one row, on the machine that measured";
const quantilesShown = [
  ["latency-p50", 0.5],
  ["latency-p95", 0.95],
  ["latency-p99", 0.99],
] as const;
const decisiveName = "latency-p99";
const milliseconds: Amounts = { unit: "ms", scale: 1, digits: 2 };
const mostShown = 100;

/** Claims that 99 of 100 answers to one row take no longer than the declared limit, on the machine that measures. */
export const latency = defineControl({
  claim: "weak-algorithm/latency",
  needs: { latencies: latencies(effort({ quick: 500, standard: 1000, thorough: 10_000 })) },
  policy: {
    limitMs: declared(
      "system.limits.latencyMs",
      "Declare how long one answer may take, in milliseconds: `limits: { latencyMs: 50 }` under `system`.",
      ({ system }) => system.declaration.system.limits?.latencyMs ?? null,
      "ms",
    ),
  },

  measure: ({ latencies: { timesMs, batches } }) => ({
    measures: [
      ...quantilesShown.flatMap(([name, share]) => quantileOf(name, timesMs, share)),
      ...batches.map(
        ({ rows, rowsPerSecond }): Measure => ({ name: "rows-per-second", value: rowsPerSecond, unit: "rows", of: { batch: rows } }),
      ),
    ],
    series: timesMs.length === 0 ? [] : [distribution(timesMs)],
  }),

  judge({ measures }, { limitMs }) {
    const slow = measures.find(({ name }) => name === decisiveName);
    if (slow === undefined) return undecided("no answer was timed", { remedy: "Declare a test split that has rows." });
    const decisive = [{ measure: slow, limit: limitMs, better: "low" as const }];
    const reason = `99 of 100 answers to one row come within ${besideLimit(slow, limitMs, milliseconds)}, on the machine that measured`;
    const side = sideOf(slow, limitMs, "low");
    // Too few calls for an upper limit: the longest stands in its place, and the truth may lie beyond it.
    const open = slow.of?.open === "high" || slow.of?.open === "both";
    if (side === "good" && !open) return met(reason, { decisive });
    if (side === "bad") {
      const remedy =
        "Make the model smaller or simpler, or serve it on a faster machine; measure on the machine that serves, with nothing else running, before you decide.";
      return unmet(reason, { remedy, decisive });
    }
    const doubt = open ? "too few calls to bound it" : "too near to tell";
    return undecided(`${reason}: ${doubt}`, {
      remedy: "Measure again with `--budget thorough`, on the machine that serves and with nothing else running.",
      decisive,
    });
  },
});

function quantileOf(name: string, timesMs: Float64Array, share: number): Measure[] {
  const found = quantileInterval(timesMs, share);
  if (found === null) return [];
  const { value, confidence, n, open } = found;
  // Of few values, the interpolated estimate may lie outside its own interval of order statistics.
  const [low, high] = [Math.min(found.low, value), Math.max(found.high, value)];
  return [{ name, value, unit: "ms", low, high, confidence, n, population, ...(open === "none" ? {} : { of: { open } }) }];
}

/** The share of calls that were at least as fast, at up to `mostShown` of them. */
function distribution(timesMs: Float64Array): Series {
  const sorted = timesMs.toSorted();
  const count = Math.min(mostShown, sorted.length);
  const at = Array.from({ length: count }, (_, step) => Math.ceil(((step + 1) * sorted.length) / count) - 1);
  return {
    name: "answers to one row by how long they took",
    kind: "line",
    x: { label: "milliseconds", values: at.map((place) => sorted[place] ?? 0) },
    y: { label: "share answered within", values: at.map((place) => (place + 1) / sorted.length) },
  };
}
