import { defineControl, number } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { favourableLabel } from "../../needs/splits.ts";
import { difference } from "../../shared/pairs/comparisons.ts";
import { judgePairs } from "../../shared/pairs/judge.ts";
import { measurePairs } from "../../shared/pairs/measure.ts";

/** Claims that no two groups' true-positive rates lie further apart than `gap`, among people like those of the test split. */
export const equalOpportunity = defineControl({
  claim: "algorithm-bias/equal-opportunity",
  needs: { answers: predictions({ split: "test" }), groups: sensitiveColumns({ split: "test" }), favourable: favourableLabel() },
  policy: {
    gap: number(
      0.05,
      "our own convention: of a hundred people who deserve the favourable answer, five more miss it in one group than in another",
      "points",
    ),
  },

  measure: (needs) => measurePairs(needs, ["true-positive-rate"], difference),

  judge: (measured, { gap }) =>
    judgePairs(
      measured,
      gap,
      difference,
      "Find out why that group is missed: look at its rows in the training data, then gather or re-weight them and train again, or give groups thresholds at which their true-positive rates agree. Accept a larger `gap` under `policy` only with a reason.",
    ),
});
