import type { Result } from "../../assess/index.ts";
import { amount, amounts, count, nameOf, subjectOf } from "../numbers.ts";
import { plural } from "../words.ts";
import { longTable, numeric } from "./long-table.ts";
import { html, type Markup } from "./markup.ts";

/** More measures than these are a long table. */
const mostMeasures = 40;
/** More measures than these are folded away. */
const mostOpen = 6;

type Measure = Result["measures"][number];

/** All that was measured, with units, intervals and baselines. */
export function measuresPart({ measures, claim, subject }: Result): Markup {
  const populations = [...new Set(measures.map(({ population }) => population))].filter((each) => each !== undefined);
  const table =
    measures.length > mostMeasures ? manyMeasures(measures, `${claim}, ${subject}`) : groupedMeasures(measures, `${claim}, ${subject}`);
  const whole = html`${table}${populations.length === 0 ? "" : html`<p class="fine">Intervals speak of ${populations.join("; ")}.</p>`}`;
  return measures.length <= mostOpen
    ? whole
    : html`<details class="more"><summary>All ${plural(measures.length, "measure")}</summary>${whole}</details>`;
}

function manyMeasures(measures: readonly Measure[], whose: string): Markup {
  const titles = ["Value", "Low", "High", "Baseline", "n"].map((title) => ({ title }));
  const rows = measures.map((measure) => {
    const written = (value: number) => amount(value, measure.unit);
    const { low, high, baseline, n } = measure;
    const name = measure.of === undefined ? nameOf(measure.name) : `${nameOf(measure.name)}: ${subjectOf(measure)}`;
    return [
      name,
      numeric(measure.value, () => amounts(measure).value),
      ...[low, high, baseline].map((each) => numeric(each, written)),
      numeric(n),
    ];
  });
  const note = (first: number, all: number) => `The first ${first} of ${count(all)} measures.`;
  return longTable({
    label: `Measures of ${whose}`,
    columns: [{ title: "Measure", words: true }, ...titles],
    rows,
    first: mostMeasures,
    note,
  });
}

/** Measures of one name stand together, under it. */
function groupedMeasures(measures: readonly Measure[], whose: string): Markup {
  const columns = columnsOf(measures);
  const head = html`<thead><tr><th scope="col">Measure</th><th scope="col">Value</th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Measures of ${whose}"><table class="data">${head}${[...Map.groupBy(measures, ({ name }) => name)].map(([name, same]) => measureGroup(name, same, columns))}</table></div>`;
}

interface Column {
  readonly title: string;
  text(measure: Measure): string;
}

/** Only columns that hold something. */
const columnsOf = (measures: readonly Measure[]): readonly Column[] =>
  [
    { title: "Interval", text: (measure: Measure) => amounts(measure).interval ?? "" },
    { title: "Baseline", text: ({ baseline, unit }: Measure) => (baseline === undefined ? "" : amount(baseline, unit)) },
    { title: "n", text: ({ n }: Measure) => (n === undefined ? "" : count(n)) },
  ].filter(({ text }) => measures.some((measure) => text(measure) !== ""));

function measureGroup(name: string, measures: readonly Measure[], columns: readonly Column[]): Markup {
  const row = (measure: Measure, head: string) =>
    html`<tr><th scope="row">${head}</th><td>${amounts(measure).value}</td>${columns.map(({ text }) => html`<td>${text(measure)}</td>`)}</tr>`;
  const [first] = measures;
  if (measures.length === 1 && first !== undefined)
    return html`<tbody>${row(first, first.of === undefined ? nameOf(name) : `${nameOf(name)}: ${subjectOf(first)}`)}</tbody>`;
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns.length + 2}">${nameOf(name)}</th></tr>${measures.map((measure) => row(measure, subjectOf(measure)))}</tbody>`;
}
