import { defineControl, effort } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { type ServedTimes, servedTimes } from "../../needs/endpoint-served.ts";
import { latencyLimit } from "../../shared/latency/limit.ts";
import { latencyQuantiles, milliseconds, shareWithin } from "../../shared/latency/quantiles.ts";
import { confidenceOf, nameAmong, notAsked, together } from "../../shared/services.ts";
import { besideLimit, sideOf } from "../../shared/sides.ts";
import { count, fixed, met, undecided, unmet } from "../../verdicts.ts";

const decisiveName = "latency-p99";
const population = "requests of one row at the declared load, from the machine that asked";

/** Claims that at its declared load every service answers 99 of 100 requests within the declared limit, as seen by the machine that asks. */
export const servedLatency = defineControl({
  claim: "weak-algorithm/served-latency",
  needs: { times: servedTimes(effort({ quick: 500, standard: 1000, thorough: 10_000 })) },
  policy: { limitMs: latencyLimit },

  measure: ({ times: { each, unasked } }) => ({
    measures: [...each.flatMap((times) => measuresOf(times, confidenceOf(each.length))), ...notAsked(unasked)],
    series: each.flatMap(({ timesMs, service }) =>
      shareWithin(
        timesMs,
        ["answers at the declared load by how long they took", nameAmong(service, each.length)].filter(Boolean).join(", "),
      ),
    ),
  }),

  judge({ measures }, { limitMs }) {
    const found = measures.filter(({ name }) => name === decisiveName).map((slow) => ofService(slow, measures, limitMs));
    const { worst, reason } = together(found, measures);
    if (worst === undefined) return undecided("no answer was timed", { remedy: "Declare a test split that has rows." });
    const decisive = found.map(({ slow }) => ({ measure: slow, limit: limitMs, better: "low" as const }));
    if (worst.side === "good") return met(reason, { decisive });
    if (worst.side === "bad") return unmet(reason, { remedy: remedyFor(worst.hasFailed), decisive });
    return undecided(reason, {
      remedy: "Measure again with `--budget thorough`, which needs more queries, from a machine near the service.",
      decisive,
    });
  },
});

function ofService(slow: Measure, measures: readonly Measure[], limitMs: number) {
  const service = String(slow.of?.service);
  const failed = measures.find(({ name, of }) => name === "requests-that-failed" && of?.service === service);
  const hasFailed = failed !== undefined && failed.value > 0;
  const failing = hasFailed ? `; ${count(Math.round(failed.value * (failed.n ?? 0)))} requests failed, and count as the slowest` : "";
  const load = fixed(Number(slow.of?.perSecond ?? 0), 1);
  const reason = `at ${load} requests a second, 99 of 100 are answered within ${besideLimit(slow, limitMs, milliseconds)}${failing}`;
  const isOpen = slow.of?.open === "high" || slow.of?.open === "both";
  const seen = sideOf(slow, limitMs, "low");
  const side = seen === "good" && isOpen ? "both" : seen;
  const doubt = side === "both" ? (isOpen ? ": too few calls to bound it" : ": too near to tell") : "";
  return { service, slow, hasFailed, side, reason: `${reason}${doubt}` } as const;
}

const remedyFor = (hasFailed: boolean) =>
  hasFailed
    ? "Look into the service's log for the requests that failed; then give it more processors or instances, or a smaller model."
    : "Give the service more processors or instances, or a smaller model; look first at what the way to it takes, from a machine near it.";

const measuresOf = (times: ServedTimes, confidenceOfEach: number): Measure[] => [
  ...latencyQuantiles(times.timesMs, population, confidenceOfEach).map((measure) => aboutService(measure, times)),
  ...answeredOf(times),
];

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
