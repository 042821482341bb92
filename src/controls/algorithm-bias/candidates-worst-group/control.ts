import { type MetricName, metrics } from "../../../tensor/index.ts";
import { declared, defineControl, effort, number, randomness } from "../../define.ts";
import type { Measure, Measured } from "../../measured.ts";
import { candidates, perDataset } from "../../needs/candidates.ts";
import { success } from "../../needs/success.ts";
import { pointAmounts } from "../../shared/amounts.ts";
import { columnsOf } from "../../shared/candidates/measure.ts";
import { worstGroupGains } from "../../shared/candidates/worst-group.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { inapplicable, met, undecided, unmet } from "../../verdicts.ts";

const shown = new Set(["worst-group-error"]);

/** Claims that no candidate that reaches the declared measure of success errs less in its worst group than the chosen model, by more than `gap`. */
export const candidatesWorstGroup = defineControl({
  claim: "algorithm-bias/candidates-worst-group",
  needs: {
    compared: candidates(effort({ quick: 500, standard: 1000, thorough: 10_000 })),
    success: perDataset(success()),
    random: randomness("algorithm-bias/candidates-worst-group"),
    replicates: effort({ quick: 1000, standard: 2000, thorough: 10_000 }),
  },
  policy: {
    gap: number(
      0.02,
      "our own convention: two more errors in a hundred of the worst group are worth another choice; for less, other respects may decide",
      "points",
    ),
    target: declared(
      "system.success.target",
      "Declare what the measure of success must reach: `success: { metric: ..., target: ... }` under `system`.",
      ({ system }) => system.declaration.system.success?.target ?? null,
    ),
  },

  measure({ compared, success: wanted, random, replicates }): Measured {
    const columns = columnsOf(compared, { success: wanted, random, replicates });
    return {
      measures: [
        ...worstGroupGains(compared, { success: wanted, random, replicates }),
        ...columns.filter(({ name }) => shown.has(name) || name === wanted.metric),
      ],
    };
  },

  judge({ measures }, { gap, target }) {
    const gains = measures.filter(({ name }) => name === "worst-group-gain");
    if (!measures.some(({ name }) => name === "worst-group-error"))
      return inapplicable("no sensitive column with two groups of 30 rows or more is declared");
    if (gains.length === 0) return inapplicable("there is no candidate beside the chosen model");
    const eligible = gains.filter((gain) => reaches(measures, gain, target)).toSorted((a, b) => b.value - a.value);
    const decisive = eligible.map((measure) => ({ measure, limit: gap, better: "low" as const }));
    const [best] = eligible;
    if (best === undefined) return met("no other candidate reaches the measure of success, so the choice costs no group anything");
    const says = (gain: Measure) => {
      const by = besideLimit(gain, gap, pointAmounts, { joint: "joint" });
      const { candidate } = gain.of ?? {};
      return gain.value > 0
        ? `in its worst group ${candidate} errs less than the chosen model by ${by}`
        : `in its worst group ${candidate} errs no less than the chosen model: its gain is ${by}`;
    };
    const proven = eligible.find((gain) => sideOf(gain, gap, "low") === "bad");
    if (proven !== undefined)
      return unmet(says(proven), {
        remedy: `Choose ${proven.of?.candidate}, or say what weighs more than its worst group; or train the chosen model with more weight on that group.`,
        decisive,
      });
    const open = eligible.find((gain) => sideOf(gain, gap, "low") === "both");
    if (open !== undefined)
      return undecided(`${says(open)}, too wide to tell`, { remedy: moreRows(open, gap, "rows of the split compared"), decisive });
    return met(`no candidate that reaches the measure of success errs less in its worst group beyond the limit: ${says(best)}`, {
      decisive,
    });
  },
});

/** A candidate whose interval lies wholly below the target does not reach it; in doubt it does. */
function reaches(measures: readonly Measure[], { of }: Measure, target: number): boolean {
  const metric = String(of?.metric) as MetricName;
  const found = measures.find((each) => each.name === metric && each.of?.candidate === of?.candidate);
  return found !== undefined && sideOf(found, target, metrics[metric].better) !== "bad";
}
