import type { Finding, Measure, Measured, Series } from "../../measured.ts";
import type { Constrained, Example } from "../../needs/evasion/constrained.ts";
import { count } from "../../verdicts.ts";
import { plain } from "../pairs/seen.ts";
import { shareOf } from "./measure.ts";
import { quotedClass } from "./words.ts";

const mostFindings = 100;
const mostColumns = 30;
const mostChanges = 6;

/** Whose rows they are, and whether their values may be repeated. */
export interface Showing {
  readonly artefact: string;
  readonly personal: boolean;
}

/** Rows that a change turned, each as "was -> becomes", the fewest changes first, of those the cheapest; and the columns that were changed. */
export function foundIn(seen: Constrained, { artefact, personal }: Showing): Pick<Measured, "findings" | "findingsTotal" | "series"> {
  const { examples, rows, labels, classes } = seen;
  const sorted = examples.toSorted((a, b) => a.changes.length - b.changes.length || costOf(a) - costOf(b) || a.at - b.at);
  const findings = sorted.slice(0, mostFindings).map((example): Finding => {
    const only = example.changes.length === 1 ? example.changes[0]?.column : undefined;
    const turned = `${quotedClass(classes[labels[example.at]!])} becomes ${quotedClass(classes[example.becomes])}`;
    return {
      artefact,
      row: rows[example.at]!,
      ...(only === undefined ? {} : { column: only }),
      reason: `${turned}: ${changesInWords(example, personal)}`,
    };
  });
  return { findings, findingsTotal: examples.length, series: columnsOf(examples) };
}

const costOf = ({ changes }: Example) => changes.reduce((sum, { cost }) => sum + cost, 0);

/** `hours 40 -> 45; housing rent -> own`; of people, by how much a number changes and what a text becomes: what was there is not repeated. */
export function changesInWords({ changes }: Example, personal: boolean): string {
  const shown = changes.slice(0, mostChanges).map(({ column, was, becomes }) => {
    if (!personal) return `${plain(column)} ${inWords(was)} -> ${inWords(becomes)}`;
    if (typeof was !== "number" || typeof becomes !== "number") return `${plain(column)} -> ${inWords(becomes)}`;
    return `${plain(column)} ${becomes > was ? "+" : "-"}${number(Math.abs(becomes - was))}`;
  });
  const left = changes.length - shown.length;
  return `${shown.join("; ")}${left > 0 ? `; and ${count(left)} more` : ""}`;
}

const inWords = (value: string | number) => (typeof value === "number" ? number(value) : plain(value));
const number = (value: number) => String(Number(value.toPrecision(6)));

function columnsOf(examples: readonly Example[]): Series[] {
  const counts = new Map<string, number>();
  for (const { changes } of examples) for (const { column } of changes) counts.set(column, (counts.get(column) ?? 0) + 1);
  const most = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostColumns);
  if (most.length === 0) return [];
  return [
    {
      name: "columns that were changed",
      kind: "bars",
      x: { label: "column", values: most.map(([column]) => plain(column)) },
      y: { label: "of the rows that were turned", unit: "share", values: most.map(([, many]) => many / examples.length) },
    },
  ];
}

/** What was asked and how, as measures carry it. */
export const askedOf = ({ queries, tried }: Constrained): Required<Pick<Measure, "queries" | "of">> => ({
  queries,
  of: { attacks: tried },
});

/** `flipped`: the share of answers that some change turns which could really be made, with the exact interval (Clopper and Pearson 1934). */
export function flippedOf(seen: Constrained, of: Measure["of"] = {}, confidence?: number): Measure[] {
  const asked = askedOf(seen);
  return shareOf("flipped", seen.examples.length, seen.rows.length, { ...asked, baseline: 0, of: { ...asked.of, ...of } }, confidence);
}
