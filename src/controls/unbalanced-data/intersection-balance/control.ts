import { defineControl, number } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { sensitiveColumns } from "../../needs/groups.ts";
import { labels } from "../../needs/labels.ts";
import { measureIntersections } from "../../shared/balance/intersections.ts";
import { fewestRows } from "../../shared/balance/limits.ts";
import { plain } from "../../shared/pairs/seen.ts";
import { count, type Deciding, met, undecided, unmet } from "../../verdicts.ts";

/** Claims that every combination of sensitive groups and label has enough rows in the training split: a census of its rows. */
export const intersectionBalance = defineControl({
  claim: "unbalanced-data/intersection-balance",
  needs: { groups: sensitiveColumns({ split: "train" }), classes: labels({ split: "train" }) },
  policy: {
    rows: fewestRows,
    empty: number(
      0,
      "our own convention: each combination may exist among the people that the system is for, unless somebody who knows says how many do not",
    ),
  },

  measure: ({ groups, classes }) => measureIntersections(classes.isQuantity ? groups : [...groups, classes]),

  judge({ measures }, { rows, empty }) {
    const cells = measures.filter(({ name }) => name === "intersection-rows").toSorted((a, b) => a.value - b.value);
    const { n: possible = 0, value: share = 0 } = measures.find(({ name }) => name === "share-of-intersections-empty") ?? {};
    const missing = Math.round(share * possible);
    const filled = cells.filter(({ value }) => value > 0);
    const short = filled.filter(({ value }) => value < rows);
    const [rarest] = filled;
    if (rarest === undefined)
      return undecided("no training row has a value in every sensitive column and a label", {
        remedy: "Fill in these columns in the training data.",
      });
    const decisive = (short.length > 0 ? short : filled).slice(0, 8).map((measure): Deciding => ({ measure, limit: rows, better: "high" }));
    const none = missing > 0 ? `; ${count(missing)} of ${count(possible)} have none at all` : "";
    if (short.length > 0) {
      const many = short.length < filled.length ? `${short.length}` : `${short.length} or more`;
      return unmet(
        `${many} of ${count(possible)} intersections have fewer than ${count(rows)} training rows (rarest: ${cellName(rarest)}, ${count(rarest.value)})${none}`,
        {
          remedy: `Gather more training rows of these people (${count(rows - rarest.value)} more of the rarest), and do not rely on the model for them without measuring it there.`,
          decisive,
        },
      );
    }
    if (missing > empty) {
      const [first] = cells;
      const example = first !== undefined && first.value === 0 ? ` (for one: ${cellName(first)})` : "";
      return undecided(
        `${count(missing)} of ${count(possible)} intersections have no training row at all${example}; whether such people exist cannot be told from the data`,
        {
          remedy: `Gather at least ${count(rows)} rows of each; if there are no such people, say how many intersections may be empty: \`empty: ${missing}\` under \`policy\`, with \`because\`.`,
          decisive,
        },
      );
    }
    return met(
      `each of ${count(possible - missing)} intersections of groups and label has at least ${count(rows)} training rows (rarest: ${cellName(rarest)}, ${count(rarest.value)})`,
      { decisive },
    );
  },
});

/** `sex Female, race Other, income >50K`. */
const cellName = ({ of = {} }: Measure) =>
  Object.entries(of)
    .map(([column, name]) => `${plain(column)} ${plain(name)}`)
    .join(", ");
