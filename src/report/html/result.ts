import type { Result } from "../../assess/index.ts";
import { amount, count, dayOf, duration } from "../numbers.ts";
import { marks, plural } from "../words.ts";
import type { Draw } from "./chart.ts";
import { findingsPart } from "./findings.ts";
import { type Images, imagesPart } from "./images.ts";
import { html, type Markup, prose } from "./markup.ts";
import { measuresPart } from "./measures.ts";
import { decisivePlots } from "./plot.ts";

/** More plots than these are folded away. */
const mostCharts = 6;

export interface Context {
  readonly draw: Draw;
  readonly images: Images;
  /** When the assessment ended: what was measured on another day says so. */
  readonly finishedAt: string;
}

/** One result of a claim. `alongside` are the claim's other results, whose plots share its axis. */
export function resultPart(result: Result, key: string, alongside: readonly Result[], { draw, images, finishedAt }: Context): Markup {
  const { verdict, subject, reason, remedy, decisive } = result;
  const plots = decisivePlots(
    decisive,
    alongside.flatMap((each) => each.decisive),
  );
  return html`<div class="result ${verdict}" id="${key}" data-status="${verdict}">
<div class="said"><p class="subject"><span class="badge">${badge(verdict)}</span> <a class="place-link" href="#${key}">${subject}</a></p>
<p class="reason">${prose(reason)}</p>${remedy === null ? "" : html`<p class="remedy">${prose(remedy)}</p>`}
${conditions(result, finishedAt)}</div>
${decisive.length === 0 ? "" : html`<div class="plots">${plots}</div>`}
${details(result, key, draw, images)}${footnotes(result)}</div>`;
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

function details(result: Result, key: string, draw: Draw, images: Images): Markup {
  const { measures, series, pictures, findings, findingsTotal, decisive } = result;
  const repeated = series.map((each) => repeats(each, decisive));
  const parts = [
    series.length === 0 ? "" : plural(series.length, "plot"),
    pictures.length === 0 ? "" : plural(pictures.length, "picture"),
    measures.length === 0 ? "" : plural(measures.length, "measure"),
    findings.length === 0 ? "" : plural(findingsTotal, "finding"),
  ].filter(Boolean);
  if (parts.length === 0) return html``;
  const telling = repeated.includes(false) || findings.length > 0 || pictures.length > 0;
  const open = telling && (result.verdict === "unmet" || result.verdict === "undecided");
  return html`<details class="more"${open ? html` open` : ""}><summary>${parts.join(" · ")}</summary>
${chartsPart(result, repeated, key, draw)}${imagesPart(result, images)}${measures.length === 0 ? "" : measuresPart(result)}${findings.length === 0 ? "" : findingsPart(result)}</details>`;
}

function chartsPart({ series, claim, subject }: Result, repeated: readonly boolean[], key: string, draw: Draw): Markup {
  if (series.length === 0) return html``;
  const charts = series.map(
    (each, at) => html`<div${repeated[at] ? html` class="repeats"` : ""}>${draw(each, `${key}-${at}`, `${claim}, ${subject}`)}</div>`,
  );
  const rest = charts.slice(mostCharts);
  const folded = html`<details class="more"><summary>${plural(rest.length, "more plot")}</summary><div class="charts">${rest}</div></details>`;
  return html`<div class="charts">${charts.slice(0, mostCharts)}</div>${rest.length === 0 ? "" : folded}`;
}

/** Whether bars say again what the decisive measures beside them say: all of these, or nothing but these. */
function repeats({ kind, y: { values } }: Result["series"][number], decisive: Result["decisive"]): boolean {
  const decided = decisive.map(({ measure }) => measure.value);
  const all = (some: readonly number[], others: readonly number[]) => some.every((value) => others.includes(value));
  return kind === "bars" && decided.length > 0 && (all(values, decided) || (decided.length > 1 && all(decided, values)));
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
function policyLine({ name, value, unit, source, because, own }: Result["policy"][number]): Markup {
  const number = html`<code>${name}</code> ${inUnit(value, unit)}`;
  if (because === undefined) return html`<li>${number}${source.startsWith("declared: ") ? html`, ` : html`: `}${prose(source)}</li>`;
  const before = own === undefined ? "" : html`; the control’s own is ${inUnit(own.value, unit)}: ${prose(unstopped(own.source))}`;
  return html`<li>${number} (<strong>changed by the declaration</strong>: ${prose(unstopped(because))}${before})</li>`;
}

/** As the declaration would write it, and as people read it where that is something else: `0.05 = 5.0 points`. */
function inUnit(value: number | string, unit: Result["policy"][number]["unit"]): string {
  if (typeof value === "string" || unit === undefined || unit === "ratio" || unit === "score") return String(value);
  const written = amount(value, unit);
  return unit === "share" || unit === "points" ? `${value} = ${written}` : written;
}

const unstopped = (text: string) => text.trim().replace(/\.$/, "");
