import type { Result } from "../../assess/index.ts";
import { count } from "../numbers.ts";
import { longTable, numeric } from "./long-table.ts";
import { html, type Markup } from "./markup.ts";

/** Rows on the page without a script, and in print. */
const first = 12;

/** What to look at, worst first; all of what the evidence holds can be reached from here. */
export function findingsPart({ findings, findingsTotal, claim, subject }: Result): Markup {
  const artefacts = new Set(findings.map(({ artefact }) => artefact));
  const [only] = artefacts;
  const alone = artefacts.size === 1 && only !== undefined;
  const columns = [
    ...(alone ? [] : [{ title: "Artefact", words: true }]),
    { title: "Row" },
    { title: "Column", words: true },
    { title: "Place", words: true },
    { title: "Finding", words: true },
    { title: "Sure" },
  ];
  const rows = findings.map(({ artefact, row, column, place, probability, reason }) => [
    ...(alone ? [] : [artefact]),
    numeric(row, String),
    column ?? null,
    place ?? null,
    reason,
    numeric(probability, (value) => `${Math.round(value * 100)} %`),
  ]);
  const note = (shown: number, all: number) =>
    `The first ${shown} of ${count(findingsTotal)}${findingsTotal > all ? `; ${count(all)} of them were kept` : ""}.`;
  const lost = findingsTotal > findings.length && findings.length <= first;
  return html`<div class="findings"><p class="fine">${alone ? html`In <b>${only}</b>. ` : ""}Rows are counted from 0; values of people are not repeated here.${lost ? ` The first ${findings.length} of ${count(findingsTotal)} were kept.` : ""}</p>
${longTable({ label: `Findings of ${claim}, ${subject}`, columns, rows, first, note })}</div>`;
}
