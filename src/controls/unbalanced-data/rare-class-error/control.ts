import { defineControl, number } from "../../define.ts";
import { labels } from "../../needs/labels.ts";
import { predictions } from "../../needs/predictions.ts";
import { judgeRare } from "../../shared/rare/judge.ts";
import { measureRare, rareGroups, rareSides } from "../../shared/rare/measure.ts";

/** Claims that no class that is rare in training has a recall further below that of the other classes than `gap`. */
export const rareClassError = defineControl({
  claim: "unbalanced-data/rare-class-error",
  needs: { answers: predictions({ split: "test" }), classes: labels({ split: "train" }) },
  policy: {
    gap: number(0.1, "our own convention: of a hundred rows of the rare class, ten more are missed than of the others", "points"),
  },

  measure({ answers: { truth, answers, classes: names }, classes }) {
    const isWrong = Uint8Array.from(truth, (label, row) => (label === answers[row] ? 0 : 1));
    const rare = rareGroups(classes, names);
    return measureRare(rareSides(classes.column, rare, (row) => truth[row]!, isWrong));
  },

  judge: (measured, { gap }) => judgeRare(measured, gap, "class"),
});
