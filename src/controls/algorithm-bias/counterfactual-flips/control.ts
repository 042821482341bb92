import { defineControl, number } from "../../define.ts";
import { flips, takenBy } from "../../needs/flips.ts";
import { artefactOf } from "../../needs/splits.ts";
import { judgeFlips } from "../../shared/flips/judge.ts";
import { measureFlips } from "../../shared/flips/measure.ts";
import { inapplicable } from "../../verdicts.ts";

/** Claims that no larger share of answers than `flips` turns when nothing but a sensitive column takes another value. */
export const counterfactualFlips = defineControl({
  claim: "algorithm-bias/counterfactual-flips",
  needs: {
    flips: flips("algorithm-bias/counterfactual-flips", 0, (scope) => {
      const { id = "", declared } = scope.dataset ?? {};
      const sensitive = declared?.sensitive ?? [];
      if (sensitive.length === 0)
        return { missing: `dataset ${id} declares no sensitive columns`, remedy: "Name them: `sensitive: [COLUMN, ...]`." };
      const taken = takenBy(scope);
      return sensitive.filter((name) => taken.includes(name));
    }),
    artefact: artefactOf({ split: "test" }),
  },
  policy: {
    flips: number(
      0.01,
      "our own convention: of a hundred people, one at most would be answered otherwise for nothing but what is sensitive",
      "share",
    ),
  },

  measure: ({ flips: seen, artefact }) => measureFlips(seen, artefact),

  judge(measured, { flips: limit }) {
    const { of } = measured.measures.find(({ name }) => name === "flipped") ?? {};
    if (of?.columns === 0)
      return inapplicable(
        "the model takes no sensitive column, so that none can turn an answer by itself; columns that stand in for one are another claim",
      );
    return judgeFlips(measured, limit, {
      change: "nothing but another value of a sensitive column",
      remedy: (column) =>
        `Train without ${column}, or find out through which rule it acts and take that out; then look at the gaps between groups, which may stay by way of other columns.`,
    });
  },
});
