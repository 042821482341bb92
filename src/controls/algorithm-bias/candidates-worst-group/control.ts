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
    const columns = columnsOf(compared, { success: wanted, random, replicates }, ["success", "worstGroup"]);
    return {
      measures: [
        ...worstGroupGains(compared, wanted.metric),
        { name: "candidates", value: compared.candidates.filter(({ is }) => is === "candidate").length, unit: "rows" },
        { name: "groupings", value: compared.groups.length, unit: "rows" },
        ...columns,
      ],
    };
  },

  judge({ measures }, { gap, target }) {
    const gains = measures.filter(({ name }) => name === "worst-group-gain");
    const none = (what: string) => measures.some(({ name, value }) => name === what && value === 0);
    if (none("groupings")) return inapplicable("no sensitive column is declared");
    if (none("candidates")) return inapplicable("there is no candidate beside the chosen model");
    if (gains.length === 0)
      return undecided("fewer than two groups have the 30 labelled rows that a comparison takes", {
        remedy: "Compare on more rows: at least 30 with a label of each of two groups.",
      });
    const eligible = gains.filter((gain) => reaches(measures, gain, target)).toSorted((a, b) => b.value - a.value);
    const decisive = eligible.map((measure) => ({ measure, limit: gap, better: "low" as const }));
    const [best] = eligible;
    const unknown = gains.find((gain) => successOf(measures, gain) === undefined);
    if (best === undefined && unknown === undefined)
      return met("no other candidate reaches the measure of success, so the choice costs no group anything");
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
    if (unknown !== undefined || best === undefined)
      return undecided(`whether ${unknown?.of?.candidate} reaches the measure of success is not known`, {
        remedy: "Compare on rows that determine the measure of success, and candidates that give what it needs, such as scores.",
        decisive,
      });
    return met(`no candidate that reaches the measure of success errs less in its worst group beyond the limit: ${says(best)}`, {
      decisive,
    });
  },
});

const successOf = (measures: readonly Measure[], { of }: Measure) =>
  measures.find(({ name, of: about }) => name === of?.metric && about?.candidate === of?.candidate);

/** A candidate whose interval lies wholly below the target does not reach it; in doubt it does. */
function reaches(measures: readonly Measure[], gain: Measure, target: number): boolean {
  const found = successOf(measures, gain);
  return found !== undefined && sideOf(found, target, metrics[found.name as MetricName].better) !== "bad";
}
