import { defineControl, number } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { favourableLabel } from "../../needs/splits.ts";
import { difference } from "../../shared/pairs/comparisons.ts";
import { judgePairs } from "../../shared/pairs/judge.ts";
import { measurePairs } from "../../shared/pairs/measure.ts";

/** Claims that no two groups' rates of favourable answers lie further apart than `gap`, among people like those of the test split. */
export const demographicParity = defineControl({
  claim: "algorithm-bias/demographic-parity",
  needs: { answers: predictions({ split: "test" }), groups: sensitiveColumns({ split: "test" }), favourable: favourableLabel() },
  policy: {
    gap: number(
      0.05,
      "our own convention: of a hundred people, five more get the favourable answer in one group than in another",
      "points",
    ),
  },

  measure: (needs) => measurePairs(needs, ["selection-rate"], difference),

  judge: (measured, { gap }) =>
    judgePairs(
      measured,
      gap,
      difference,
      "Find out whether the labels differ between these groups as the answers do, and whether those labels may be followed. If not, re-weight the training rows and train again, or give groups thresholds at which their rates agree. Where a difference is justified, set a larger `gap` under `policy` and say why.",
    ),
});
