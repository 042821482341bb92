import { defineControl, number } from "../../define.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { predictions } from "../../needs/predictions.ts";
import { judgeRare } from "../../shared/rare/judge.ts";
import { measureRare, rareGroups, rareSides } from "../../shared/rare/measure.ts";

/** Claims that no group that is rare in training has an error further above that of the other groups than `gap`. */
export const rareGroupError = defineControl({
  claim: "unbalanced-data/rare-group-error",
  needs: {
    answers: predictions({ split: "test" }),
    training: sensitiveColumns({ split: "train" }),
    groups: sensitiveColumns({ split: "test" }),
  },
  policy: {
    gap: number(0.05, "our own convention: of a hundred answers to the rare group, five more are wrong than to the others", "points"),
  },

  measure({ answers: { truth, answers }, training, groups }) {
    const isWrong = Uint8Array.from(truth, (label, row) => (label === answers[row] ? 0 : 1));
    return measureRare(
      groups.flatMap((own) => {
        const trained = training.find(({ column }) => column === own.column);
        // Numbers are cut at each split's own quartiles: then the test split's cuts serve both.
        const isShared = trained?.groups.some((name) => own.groups.includes(name));
        const rare = rareGroups(isShared ? (trained ?? own) : own, own.groups);
        return rareSides(own.column, rare, (row) => (truth[row]! < 0 ? -1 : own.members[row]!), isWrong);
      }),
    );
  },

  judge: (measured, { gap }) => judgeRare(measured, gap, "group"),
});
