import type { Assessment } from "../../assess/index.ts";
import type { Compared, Comparison } from "../compare/comparison.ts";
import { captions, conclusionsOf, rowsOf } from "../compare/text.ts";
import { amounts, dayOf, nameOf } from "../numbers.ts";
import { type Draw, drawing } from "./chart.ts";
import { anchor, html, type Markup } from "./markup.ts";
import { documentOf } from "./page.ts";
import { mark } from "./sextant.ts";

/** The comparisons of a system's models as one self-contained page, with the Pareto front of each cost drawn. */
export async function renderComparisonHtml(comparisons: readonly Comparison[], { system, finishedAt }: Assessment): Promise<string> {
  const draw = await drawing(comparisons.flatMap(({ series }) => series));
  const body = html`<main><header class="top"><p class="over">${mark}<span>Models compared on <time datetime="${finishedAt}">${dayOf(finishedAt)}</time></span></p><h1>${system.name}</h1></header>
${comparisons.map((each) => sectionOf(each, draw))}</main>`;
  return `<!doctype html>\n${documentOf({ system }, body).markup}\n`;
}

function sectionOf(comparison: Comparison, draw: Draw): Markup {
  const id = anchor("models", comparison.dataset);
  return html`<section aria-labelledby="${id}"><h2 id="${id}">Models for ${comparison.dataset}</h2>
<ul>${conclusionsOf(comparison).map((line) => html`<li>${line}</li>`)}</ul>
${tableOf(comparison)}<div class="charts">${comparison.series.map((series, at) => html`<div>${draw(series, `${id}-${at}`)}</div>`)}</div></section>`;
}

/** A row for each measure, as on the terminal: models are few, and their names short. */
function tableOf(comparison: Comparison): Markup {
  const head = comparison.candidates.map(
    ({ id, is }) => html`<th scope="col">${id}<br><small>${is === "baseline" ? "trained here" : is}</small></th>`,
  );
  const row = (name: string) =>
    html`<tr><th scope="row">${captions[name] ?? nameOf(name)}</th>${comparison.candidates.map((each) => html`<td>${cellOf(each, name)}</td>`)}</tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Models side by side"><table class="data"><thead><tr><th scope="col">Measure</th>${head}</tr></thead><tbody>${rowsOf(comparison).map(row)}</tbody></table></div>`;
}

const keeps = { yes: "keeps to the limit", no: "beyond the limit", open: "open" } as const;

function cellOf({ measures, within, is }: Compared, name: string): Markup {
  const measure = measures[name];
  if (measure === undefined) return html`–`;
  const { value, interval } = amounts(measure);
  const state = is === "baseline" ? undefined : within[name];
  return html`${value}${interval === null ? "" : html`<br><small>${interval}</small>`}${state === undefined ? "" : html`<br><small>${keeps[state]}</small>`}`;
}
