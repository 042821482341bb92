import { defineControl, number } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { favourableLabel } from "../../needs/splits.ts";
import { difference } from "../../shared/pairs/comparisons.ts";
import { judgePairs } from "../../shared/pairs/judge.ts";
import { measurePairs } from "../../shared/pairs/measure.ts";

/** Claims that neither the true-positive nor the false-positive rates of any two groups lie further apart than `gap`, among people like those of the test split. */
export const equalisedOdds = defineControl({
  claim: "algorithm-bias/equalised-odds",
  needs: { answers: predictions({ split: "test" }), groups: sensitiveColumns({ split: "test" }), favourable: favourableLabel() },
  policy: {
    gap: number(
      0.05,
      "our own convention: of a hundred people with the same true label, five more get the favourable answer in one group than in another",
      "points",
    ),
  },

  measure: (needs) => measurePairs(needs, ["true-positive-rate", "false-positive-rate"], difference),

  judge: (measured, { gap }) =>
    judgePairs(
      measured,
      gap,
      difference,
      "Find out which of the two errors falls on that group and why: look at its rows in the training data, then gather or re-weight them and train again, or give groups thresholds of their own. Accept a larger `gap` under `policy` only with a reason.",
    ),
});
