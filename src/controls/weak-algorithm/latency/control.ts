import { defineControl, effort } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { latencies } from "../../needs/latency.ts";
import { latencyLimit } from "../../shared/latency/limit.ts";
import { latencyQuantiles, milliseconds, shareWithin } from "../../shared/latency/quantiles.ts";
import { besideLimit, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "answers to one row, on the machine that measured";
const decisiveName = "latency-p99";

/** Claims that 99 of 100 answers to one row take no longer than the declared limit, on the machine that measures. */
export const latency = defineControl({
  claim: "weak-algorithm/latency",
  needs: { latencies: latencies(effort({ quick: 500, standard: 1000, thorough: 10_000 })) },
  policy: { limitMs: latencyLimit },

  measure: ({ latencies: { timesMs, batches } }) => ({
    measures: [
      ...latencyQuantiles(timesMs, population),
      ...batches.map(
        ({ rows, rowsPerSecond }): Measure => ({ name: "rows-per-second", value: rowsPerSecond, unit: "rows", of: { batch: rows } }),
      ),
    ],
    series: shareWithin(timesMs, "answers to one row by how long they took"),
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
