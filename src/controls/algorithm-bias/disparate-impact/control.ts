import { defineControl, number } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { favourableLabel } from "../../needs/splits.ts";
import { ratio } from "../../shared/pairs/comparisons.ts";
import { judgePairs } from "../../shared/pairs/judge.ts";
import { measurePairs } from "../../shared/pairs/measure.ts";

/** Claims that no group's rate of favourable answers, divided by any other group's, falls below `ratio`, among people like those of the test split. */
export const disparateImpact = defineControl({
  claim: "algorithm-bias/disparate-impact",
  needs: { answers: predictions({ split: "test" }), groups: sensitiveColumns({ split: "test" }), favourable: favourableLabel() },
  policy: {
    ratio: number(
      0.8,
      "the four-fifths rule, 29 CFR 1607.4(D), written for hiring in the United States; elsewhere it is borrowed",
      "ratio",
    ),
  },

  measure: (needs) => measurePairs(needs, ["selection-rate"], ratio),

  judge: (measured, policy) =>
    judgePairs(
      measured,
      policy.ratio,
      ratio,
      "Find out which inputs and labels keep that group's answers back, and whether they are needed for the purpose. If not, leave them out or re-weight the training rows and train again, or give groups thresholds at which their rates agree. Where the difference is justified, set another `ratio` under `policy` and say why.",
    ),
});
