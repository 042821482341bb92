import { defineControl, number } from "../../define.ts";
import { labels, population } from "../../needs/labels.ts";
import { judgeBalance } from "../../shared/balance/judge.ts";
import { fewestRows, ofPopulation } from "../../shared/balance/limits.ts";
import { measureBalance } from "../../shared/balance/measure.ts";
import { plain } from "../../shared/pairs/seen.ts";
import { inapplicable } from "../../verdicts.ts";

const quantityName = "classes-of-a-quantity";

/** Claims that no class is rarer in the training split than the limits allow: a census of its rows. */
export const classBalance = defineControl({
  claim: "unbalanced-data/class-balance",
  needs: { classes: labels({ split: "train" }), population: population() },
  policy: {
    rows: fewestRows,
    ofPopulation,
    ofEven: number(
      0.4,
      "Google's machine-learning guide (Imbalanced datasets) calls a minority class of 20 to 40 % mildly imbalanced and a smaller one more than that: of two classes, 20 % is 0.4 of an even share; for more classes the factor is our own convention",
      "ratio",
    ),
  },

  measure: ({ classes, population: declared }) =>
    classes.isQuantity
      ? { measures: [{ name: quantityName, value: 0, unit: "rows", of: { column: classes.column } }] }
      : measureBalance("class", [classes], declared),

  judge(measured, limits) {
    const quantity = measured.measures.find(({ name }) => name === quantityName);
    if (quantity !== undefined) return inapplicable(`${plain(quantity.of?.column)} is a quantity, and has no classes`);
    return judgeBalance("class", measured, limits);
  },
});
