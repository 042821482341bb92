import { defineControl, number } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { difference } from "../../shared/pairs/comparisons.ts";
import { intersectionsOf } from "../../shared/pairs/intersections.ts";
import { judgePairs } from "../../shared/pairs/judge.ts";
import { measurePairs } from "../../shared/pairs/measure.ts";
import { inapplicable } from "../../verdicts.ts";

/** Claims that no two intersections of two sensitive columns have error rates further apart than `gap`, among people like those of the test split. */
export const intersectionGaps = defineControl({
  claim: "algorithm-bias/intersection-gaps",
  needs: { answers: predictions({ split: "test" }), groups: sensitiveColumns({ split: "test" }) },
  policy: {
    gap: number(0.05, "our own convention: of a hundred answers, five more are wrong in one intersection than in another", "points"),
  },

  measure({ answers, groups }) {
    if (groups.length < 2) return { measures: [{ name: "sensitive-columns", value: groups.length, unit: "rows" }] };
    // An error is an error, whichever label people wish for.
    return measurePairs({ answers, groups: intersectionsOf(groups), favourable: answers.classes[0] ?? "" }, ["error-rate"], difference);
  },

  judge(measured, { gap }) {
    if (measured.measures.some(({ name }) => name === "sensitive-columns"))
      return inapplicable("fewer than two sensitive columns are declared, so that there is nothing to intersect");
    return judgePairs(
      measured,
      gap,
      difference,
      "Look at the training rows of the intersection whose error is the higher: gather more of them or weight them, and train again; until then do not let the model decide there alone. Accept a larger `gap` under `policy` only with a reason.",
    );
  },
});
