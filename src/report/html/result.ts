import type { Result } from "../../assess/index.ts";
import { amount, amounts, count, dayOf, duration, nameOf, subjectOf } from "../numbers.ts";
import { marks, plural } from "../words.ts";
import type { Draw } from "./chart.ts";
import { html, type Markup, prose } from "./markup.ts";
import { decisivePlots } from "./plot.ts";

const mostMeasures = 40;
/** More measures than these are folded away. */
const mostOpen = 6;
const mostFindings = 12;
const mostCharts = 6;

export interface Context {
  readonly draw: Draw;
  /** When the assessment ended: what was measured on another day says so. */
  readonly finishedAt: string;
}

/** One result of a claim. `alongside` are the claim's other results, whose plots share its axis. */
export function resultPart(result: Result, key: string, alongside: readonly Result[], { draw, finishedAt }: Context): Markup {
  const { verdict, subject, reason, remedy, decisive } = result;
  const plots = decisivePlots(
    decisive,
    alongside.flatMap((each) => each.decisive),
  );
  return html`<div class="result ${verdict}">
<div class="said"><p class="subject"><span class="badge">${badge(verdict)}</span> ${subject}</p>
<p class="reason">${prose(reason)}</p>${remedy === null ? "" : html`<p class="remedy">${prose(remedy)}</p>`}
${conditions(result, finishedAt)}</div>
${decisive.length === 0 ? "" : html`<div class="plots">${plots}</div>`}
${details(result, key, draw)}${footnotes(result)}</div>`;
}

export const badge = (verdict: Result["verdict"]): Markup =>
  html`<span aria-hidden="true">${marks[verdict].glyph}</span> ${marks[verdict].word}`;

function conditions({ decisive, measuredAt, seed, verdict }: Result, finishedAt: string): Markup {
  const [first] = decisive;
  const { population, confidence, queries } = first?.measure ?? {};
  const sizes = new Set(decisive.map(({ measure }) => measure.n));
  const n = sizes.size === 1 ? first?.measure.n : undefined;
  const kept = measuredAt !== null && measuredAt.slice(0, 10) !== finishedAt.slice(0, 10);
  const parts = [
    population,
    n === undefined ? undefined : `n = ${count(n)}`,
    confidence === undefined ? undefined : `${Number((confidence * 100).toFixed(3))} % intervals`,
    queries === undefined ? undefined : `${count(queries)} queries`,
    seed === null ? undefined : `seed ${seed}`,
    kept && measuredAt !== null ? `measured on ${dayOf(measuredAt)}, kept` : undefined,
    verdict === "errored" ? "the control failed; the others went on" : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? html`` : html`<p class="fine">${parts.join(" · ")}</p>`;
}

function details(result: Result, key: string, draw: Draw): Markup {
  const { measures, series, findings, findingsTotal, decisive } = result;
  const drawn = series.slice(0, mostCharts);
  const repeated = drawn.map((each) => repeats(each, decisive));
  const parts = [
    series.length === 0 ? "" : plural(series.length, "plot"),
    measures.length === 0 ? "" : plural(measures.length, "measure"),
    findings.length === 0 ? "" : plural(findingsTotal, "finding"),
  ].filter(Boolean);
  if (parts.length === 0) return html``;
  const telling = repeated.includes(false) || findings.length > 0;
  const open = telling && (result.verdict === "unmet" || result.verdict === "undecided");
  return html`<details class="more"${open ? html` open` : ""}><summary>${parts.join(" · ")}</summary>
${series.length === 0 ? "" : html`<div class="charts">${drawn.map((each, at) => html`<div${repeated[at] ? html` class="repeats"` : ""}>${draw(each, `${key}-${at}`)}</div>`)}</div>`}
${leftOut(series.length, mostCharts, "plots")}${measures.length === 0 ? "" : measureTable(measures)}${findings.length === 0 ? "" : findingTable(result)}</details>`;
}

/** Whether bars say again what the decisive measures beside them say: all of these, or nothing but these. */
function repeats({ kind, y: { values } }: Result["series"][number], decisive: Result["decisive"]): boolean {
  const decided = decisive.map(({ measure }) => measure.value);
  const all = (some: readonly number[], others: readonly number[]) => some.every((value) => others.includes(value));
  return kind === "bars" && decided.length > 0 && (all(values, decided) || (decided.length > 1 && all(decided, values)));
}

const leftOut = (all: number, most: number, what: string) =>
  all > most ? html`<p class="fine">The first ${most} of ${count(all)} ${what}; the evidence holds the rest.</p>` : "";

type Measure = Result["measures"][number];

/** Measures of one name stand together, under it; what all of a table share is said once. */
function measureTable(measures: readonly Measure[]): Markup {
  const shown = measures.slice(0, mostMeasures);
  const populations = [...new Set(measures.map(({ population }) => population))].filter((each) => each !== undefined);
  const columns = columnsOf(shown);
  const head = html`<thead><tr><th scope="col">Measure</th><th scope="col">Value</th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>`;
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Measures"><table class="data">${head}${[...Map.groupBy(shown, ({ name }) => name)].map(([name, same]) => measureGroup(name, same, columns))}</table></div>
${leftOut(measures.length, mostMeasures, "measures")}${populations.length === 0 ? "" : html`<p class="fine">Intervals speak of ${populations.join("; ")}.</p>`}`;
  return measures.length <= mostOpen
    ? table
    : html`<details class="more"><summary>All ${plural(measures.length, "measure")}</summary>${table}</details>`;
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

function findingTable({ findings, findingsTotal }: Result): Markup {
  const row = ({ artefact, row: at, column, place, probability, reason }: Result["findings"][number]) => {
    const where = [at === undefined ? undefined : `row ${count(at)}`, column, place].filter((part) => part !== undefined).join(" · ");
    return html`<tr><th scope="row">${artefact}<br><span class="fine">${where}</span></th><td class="words">${prose(reason)}</td><td>${probability === undefined ? "" : `${Math.round(probability * 100)} %`}</td></tr>`;
  };
  const shown = findings.slice(0, mostFindings);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Findings"><table class="data"><thead><tr><th scope="col">Where</th><th scope="col" class="words">Finding</th><th scope="col">Sure</th></tr></thead><tbody>${shown.map(row)}</tbody></table></div>
${findingsTotal > shown.length ? html`<p class="fine">The first ${shown.length} of ${count(findingsTotal)}; rows are counted from 0, and values are not repeated here.</p>` : ""}`;
}

/** Where its limits come from and where its evidence lies: folded on a screen, never in print. */
function footnotes({ policy, evidence, attachments, cached, milliseconds, measuredAt, budget }: Result): Markup {
  if (policy.length === 0 && evidence === null) return html``;
  const took = `took ${duration(milliseconds)}`;
  const spent = budget === null ? "" : `, ${budget} budget`;
  const when = measuredAt === null ? "" : `Measured on ${dayOf(measuredAt)} (${took}${spent})${cached ? ", kept" : ""}.`;
  return html`<details class="more sources"><summary>${policy.length === 0 ? "Evidence" : "Limits and evidence"}</summary>
${policy.length === 0 ? "" : html`<ul class="policy">${policy.map(policyLine)}</ul>`}<p class="fine evidence">${when}${evidence === null ? "" : html` Evidence <code class="digest">${evidence}</code>`}${attachments.map((digest) => html` Attached <code class="digest">${digest}</code>`)}</p></details>`;
}

/** `rows 50 (changed by the declaration: small pilot; the control’s own is 100: a paper)`. */
function policyLine({ name, value, source, because, own }: Result["policy"][number]): Markup {
  const number = html`<code>${name}</code> ${value}`;
  if (because === undefined) return html`<li>${number}${source.startsWith("declared: ") ? html`, ` : html`: `}${prose(source)}</li>`;
  const before = own === undefined ? "" : html`; the control’s own is ${own.value}: ${prose(unstopped(own.source))}`;
  return html`<li>${number} (<strong>changed by the declaration</strong>: ${prose(unstopped(because))}${before})</li>`;
}

const unstopped = (text: string) => text.trim().replace(/\.$/, "");
