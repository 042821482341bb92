import { defineControl } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { population } from "../../needs/labels.ts";
import { judgeBalance } from "../../shared/balance/judge.ts";
import { fewestRows, ofPopulation } from "../../shared/balance/limits.ts";
import { measureBalance } from "../../shared/balance/measure.ts";

/** Claims that no group of people is rarer in the training split than the limits allow, against the declared population: a census of its rows. */
export const groupBalance = defineControl({
  claim: "unbalanced-data/group-balance",
  needs: { groups: sensitiveColumns({ split: "train" }), population: population() },
  policy: { rows: fewestRows, ofPopulation },

  measure: ({ groups, population: declared }) => measureBalance("group", groups, declared),

  // Groups need not be equally large: without a declared population there is nothing to compare their shares with.
  judge: (measured, limits) => judgeBalance("group", measured, { ...limits, ofEven: null }),
});
