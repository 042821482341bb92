import { defineControl, number } from "../../define.ts";
import { flips, takenBy } from "../../needs/flips.ts";
import { artefactOf } from "../../needs/splits.ts";
import { judgeFlips } from "../../shared/flips/judge.ts";
import { measureFlips } from "../../shared/flips/measure.ts";

/** At each end of a column of numbers, and the least share of a text: values beyond are not common. */
const rare = 0.05;

/** Claims that no larger share of answers than `flips` turns when a single column, whichever, takes another value that is common in training. */
export const oneColumnFlips = defineControl({
  claim: "weak-algorithm/one-column-flips",
  needs: {
    flips: flips("weak-algorithm/one-column-flips", rare, (scope) => {
      const columns = takenBy(scope);
      return columns.length > 0
        ? columns
        : {
            missing: "the model takes no columns of numbers or texts",
            remedy: "Of pictures, see weak-algorithm/corruption and adversarial-attack.",
          };
    }),
    artefact: artefactOf({ split: "test" }),
  },
  policy: {
    flips: number(0.5, "our own convention: of two answers, no more than one hangs on a single value", "share"),
  },

  measure: ({ flips: seen, artefact }) => measureFlips(seen, artefact),

  judge: (measured, { flips: limit }) =>
    judgeFlips(measured, limit, {
      change: "another common value of one column alone",
      remedy: (column) =>
        `Check that ${column} is known well enough to decide alone: ask for it again or verify it where the answer hangs on it, or make the model rely on more than one value (regularisation, more features, monotone constraints).`,
    }),
});
