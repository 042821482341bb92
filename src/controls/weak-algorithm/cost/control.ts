import { declared, defineControl, effort } from "../../define.ts";
import { latencies } from "../../needs/latency.ts";
import { noiseBetweenRuns } from "../../shared/latency/noise.ts";
import { inapplicable, met, undecided, unmet } from "../../verdicts.ts";

/** Claims that a million answers cost no more than the declared limit, on a machine like the one that measures, at the declared price. */
export const cost = defineControl({
  claim: "weak-algorithm/cost",
  needs: { latencies: latencies(effort({ quick: 500, standard: 1000, thorough: 10_000 })) },
  policy: {
    limit: declared(
      "system.limits.costPerMillion",
      "Declare the most that a million answers may cost: `limits: { costPerMillion: 0.5 }` under `system`.",
      ({ system }) => system.declaration.system.limits?.costPerMillion ?? null,
    ),
    costPerHour: declared(
      "system.machine.costPerHour",
      "Declare what an hour of the machine costs: `machine: { costPerHour: 0.2 }` under `system`.",
      ({ system }) => system.declaration.system.machine?.costPerHour ?? null,
    ),
    noise: noiseBetweenRuns,
  },

  measure: ({ latencies: { batches } }) => ({
    measures: batches.map(({ rows, rowsPerSecond }) => ({
      name: "time-per-million",
      value: 1e9 / rowsPerSecond,
      unit: "ms" as const,
      of: { batch: rows },
    })),
  }),

  judge({ measures }, { limit, costPerHour, noise }) {
    const [fastest] = measures.toSorted((a, b) => a.value - b.value);
    if (fastest === undefined) return undecided("no answer was timed", { remedy: "Declare a test split that has rows." });
    if (costPerHour === 0) return inapplicable("an hour of the machine costs nothing");
    const allowedMs = (limit / costPerHour) * 3_600_000;
    const spent = (fastest.value / 3_600_000) * costPerHour;
    const reason = `a million answers take ${(fastest.value / 1000).toPrecision(3)} s of the machine and cost ${spent.toPrecision(3)} (limit ${limit})`;
    const decisive = [{ measure: fastest, limit: allowedMs, better: "low" as const }];
    if (Math.abs(spent - limit) <= noise * limit)
      return undecided(`${reason}: nearer to it than runs lie to each other`, {
        remedy: "Measure on a machine with nothing else running, or leave more room: a smaller model, larger batches, a cheaper machine.",
        decisive,
      });
    if (spent <= limit) return met(`${reason}, in batches of ${fastest.of?.batch} on the machine that measured`, { decisive });
    return unmet(reason, {
      remedy: "Make the model smaller or simpler, answer in larger batches, or serve it on a machine that costs less for what it does.",
      decisive,
    });
  },
});
