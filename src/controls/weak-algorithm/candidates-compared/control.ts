import type { MetricName } from "../../../tensor/index.ts";
import { defineControl, effort, randomness } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { candidates, perDataset } from "../../needs/candidates.ts";
import { successOrBalance } from "../../needs/success.ts";
import { type Respect, respectsOf } from "../../shared/candidates/dominance.ts";
import { frontsOf } from "../../shared/candidates/front.ts";
import { columnsOf, gainsOf } from "../../shared/candidates/measure.ts";
import { noiseBetweenRuns } from "../../shared/latency/noise.ts";
import { metricWords } from "../../shared/scores/words.ts";
import { inapplicable, met, undecided, unmet } from "../../verdicts.ts";

/** Claims that no other candidate is better than the chosen model in some of the measure of success, latency, size and cost, and worse in none. */
export const candidatesCompared = defineControl({
  claim: "weak-algorithm/candidates-compared",
  needs: {
    compared: candidates(effort({ quick: 500, standard: 1000, thorough: 10_000 })),
    success: perDataset(successOrBalance()),
    random: randomness("weak-algorithm/candidates-compared"),
    replicates: effort({ quick: 1000, standard: 2000, thorough: 10_000 }),
  },
  policy: {
    noise: noiseBetweenRuns,
  },

  measure({ compared, success, random, replicates }) {
    const comparing = { success, random, replicates };
    const columns = columnsOf(compared, comparing);
    return { measures: [...gainsOf(compared, comparing), ...columns], series: frontsOf(columns, success.metric) };
  },

  judge({ measures }, { noise }) {
    const chosen = idsOf(measures, "chosen")[0];
    const gains = measures.filter(({ name, of }) => name === "gain-over-chosen" && of?.is === "candidate");
    const others = idsOf(measures, "candidate");
    if (chosen === undefined || others.length === 0) return inapplicable("there is no candidate beside the chosen model");
    const metric = measures.find(({ name }) => name === "gain-over-chosen")?.of?.metric as MetricName | undefined;
    if (metric === undefined)
      return undecided("of none of the others can the measure of success be compared with the chosen model's", {
        remedy: "Compare on at least 30 rows, some of each class, and models that give what the measure needs, such as scores.",
      });
    const decisive = gains.map((measure) => ({ measure, limit: 0, better: "low" as const }));
    const judged = others.map((id) => ({ id, respects: respectsOf(measures, id, chosen, metric, noise) }));
    const dominating = judged.find(({ respects }) => respects.every(({ better }) => better === "yes" || better === "same"));
    if (dominating !== undefined) {
      const remedy = `Choose ${dominating.id}, or say what speaks for ${chosen} that was not compared.`;
      const same = listed(dominating.respects, "same");
      return unmet(
        `${dominating.id} is better than ${chosen} in ${listed(dominating.respects, "yes")}${same === "" ? "" : `, and the same in ${same}`}`,
        { remedy, decisive },
      );
    }
    const open = judged.find(({ respects }) => respects.every(({ better }) => better !== "no"));
    if (open !== undefined)
      return undecided(`whether ${open.id} is better than ${chosen} and worse in nothing is open: ${listed(open.respects, "open")}`, {
        remedy:
          "Compare on more rows, or with `--budget thorough`, on a machine with nothing else running. What was not measured of one of the two, as of a model without a file, stays open.",
        decisive,
      });
    const says = judged.map(({ id, respects }) => `${id} is worse in ${listed(respects, "no")}`);
    return met(`none is better than ${chosen} and worse in nothing: ${says.join("; ")}`, { decisive });
  },
});

const idsOf = (measures: readonly Measure[], is: string) => [
  ...new Set(measures.filter(({ of }) => of?.is === is).map(({ of }) => String(of?.candidate))),
];

const listed = (respects: readonly Respect[], which: Respect["better"]) =>
  respects
    .filter(({ better }) => better === which)
    .map(({ name }) => (name in metricWords ? metricWords[name as MetricName].says : name))
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
