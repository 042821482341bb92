import { defineControl, effort } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { type ServedTimes, servedTimes } from "../../needs/endpoint-served.ts";
import { latencyLimit } from "../../shared/latency/limit.ts";
import { latencyQuantiles, milliseconds, shareWithin } from "../../shared/latency/quantiles.ts";
import { besideLimit, sideOf } from "../../shared/sides.ts";
import { count, fixed, met, undecided, unmet } from "../../verdicts.ts";

const decisiveName = "latency-p99";
const population = "requests of one row at the declared load, from the machine that asked";

/** Claims that at its declared load a service answers 99 of 100 requests within the declared limit, as seen by the machine that asks. */
export const servedLatency = defineControl({
  claim: "weak-algorithm/served-latency",
  needs: { times: servedTimes(effort({ quick: 500, standard: 1000, thorough: 10_000 })) },
  policy: { limitMs: latencyLimit },

  measure: ({ times }) => ({
    measures: [...latencyQuantiles(times.timesMs, population).map((measure) => aboutService(measure, times)), ...answeredOf(times)],
    series: shareWithin(times.timesMs, "answers at the declared load by how long they took"),
  }),

  judge({ measures }, { limitMs }) {
    const slow = measures.find(({ name }) => name === decisiveName);
    if (slow === undefined) return undecided("no answer was timed", { remedy: "Declare a test split that has rows." });
    const decisive = [{ measure: slow, limit: limitMs, better: "low" as const }];
    const load = Number(slow.of?.perSecond ?? 0);
    const failed = measures.find(({ name }) => name === "requests-that-failed");
    const failing =
      failed === undefined || failed.value === 0
        ? ""
        : `; ${count(Math.round(failed.value * (failed.n ?? 0)))} requests failed, and count as the slowest`;
    const reason = `at ${fixed(load, 1)} requests a second, 99 of 100 are answered within ${besideLimit(slow, limitMs, milliseconds)}${failing}`;
    const side = sideOf(slow, limitMs, "low");
    const open = slow.of?.open === "high" || slow.of?.open === "both";
    if (side === "good" && !open) return met(reason, { decisive });
    const remedy =
      failing === ""
        ? "Give the service more processors or instances, or a smaller model; look first at what the way to it takes, from a machine near it."
        : "Look into the service's log for the requests that failed; then give it more processors or instances, or a smaller model.";
    if (side === "bad") return unmet(reason, { remedy, decisive });
    return undecided(`${reason}: ${open ? "too few calls to bound it" : "too near to tell"}`, {
      remedy: "Measure again with `--budget thorough`, which needs more queries, from a machine near the service.",
      decisive,
    });
  },
});

const aboutService = (measure: Measure, { service, perSecond }: ServedTimes): Measure => ({
  ...measure,
  of: { ...measure.of, service, perSecond },
});

function answeredOf({ timesMs, failed, answeredPerSecond, service }: ServedTimes): Measure[] {
  const n = timesMs.length;
  if (n === 0) return [];
  const about = { of: { service } };
  return [
    { name: "requests-that-failed", value: failed / n, unit: "share", n, ...about },
    { name: "answered-per-second", value: answeredPerSecond, unit: "rows", ...about },
  ];
}
