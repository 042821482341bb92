import { defineControl, number } from "../../define.ts";
import type { Finding, Measure } from "../../measured.ts";
import { type AllConflicts, type Conflicting, conflicts } from "../../needs/conflicts.ts";
import { amount, shareAmounts } from "../../shared/amounts.ts";
import { count, inapplicable, met, percent, undecided, unmet } from "../../verdicts.ts";

const together = "all splits";
const quantityName = "rows-that-differ-in-a-quantity";
const mostFindings = 100;

/** Claims that no larger share of labelled rows than `share`, over all splits together, has a twin with the same features and another label. */
export const conflictingLabels = defineControl({
  claim: "contaminated-data/conflicting-labels",
  needs: { conflicts: conflicts() },
  policy: {
    share: number(
      0.02,
      "our own convention: of two classes, at most half of such rows is then out of any model's reach, so the best possible accuracy stays at 99 % or more",
      "share",
    ),
  },

  measure: ({ conflicts: { isQuantity, all, splits, examples } }) => ({
    measures: [
      ...(isQuantity ? [{ name: quantityName, value: all.conflicting, unit: "rows" } as const] : []),
      ...measuresOf(all, together),
      { name: "conflicting-groups-across-splits", value: all.groupsAcross, unit: "rows", of: { split: together } },
      ...splits.flatMap((split) => measuresOf(split, split.split)),
    ],
    findings: examples.flatMap(findingsOf).slice(0, mostFindings),
    findingsTotal: all.conflicting,
    series: [
      {
        name: "conflicting rows by split",
        kind: "bars",
        x: { label: "split", values: splits.map(({ split }) => split) },
        y: { label: "share of its rows", values: splits.map(({ conflicting, rows }) => ratio(conflicting, rows)) },
      },
    ],
  }),

  judge({ measures }, { share }) {
    const named = (name: string) => measures.find((measure) => measure.name === name && measure.of?.split === together);
    if (measures.some(({ name }) => name === quantityName))
      return inapplicable("the label is a quantity: rows with equal features may bear different ones without contradiction");
    const [seen, best] = [named("conflicting-rows"), named("best-possible-accuracy")];
    const rows = seen?.n ?? 0;
    if (seen === undefined || rows === 0)
      return undecided("there is no row with a label", { remedy: "Declare a split that has labelled rows." });
    const decisive = [{ measure: seen, limit: share, better: "low" as const }];
    const shown = `${amount(seen.value, shareAmounts, share)} of all labelled rows (${count(seen.value * rows)} of ${count(rows)}) have a twin with the same features and another label (limit ${amount(share, shareAmounts)})`;
    if (seen.value <= share) return met(shown, { decisive });
    const ceiling =
      best === undefined ? "" : `; no model that sees these features alone can be right on more than ${percent(best.value)} of these rows`;
    const remedy =
      "Look at the rows listed: correct labels that are wrong. Where both are right, add a feature that tells the rows apart, or let the model answer with probabilities, and ask for no more accuracy than is possible.";
    return unmet(`${shown}${ceiling}`, { remedy, decisive });
  },
});

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function measuresOf({ rows, conflicting, groups, beyond }: Conflicting, split: string): Measure[] {
  const of = { split };
  return [
    { name: "conflicting-rows", value: ratio(conflicting, rows), unit: "share", n: rows, of },
    { name: "conflicting-groups", value: groups, unit: "rows", of },
    { name: "best-possible-accuracy", value: 1 - ratio(beyond, rows), unit: "share", n: rows, of },
  ];
}

/** Each row beside one of another label; labels are not repeated. */
function findingsOf(group: AllConflicts["examples"][number]): Finding[] {
  return group.flatMap(({ artefact, row, label }) => {
    const other = group.find((each) => each.label !== label);
    if (other === undefined) return [];
    return [{ artefact, row, reason: `the same features as row ${other.row} of ${other.artefact}, and another label` }];
  });
}
