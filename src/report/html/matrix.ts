import type { CellState } from "../../assess/index.ts";
import { countsOf, type Head, marks, matrixOf, measuredOf, statuses } from "../words.ts";
import { cellAnchor, stageAnchor } from "./homes.ts";
import { html, type Markup } from "./markup.ts";

/** Threats by stages as a picture: each cell a link to its section, with glyph, colour and how many claims are measured. */
export function matrixPart(cells: readonly CellState[]): Markup {
  const matrix = matrixOf(cells);
  const head = ({ id, title, short }: Head) =>
    html`<th scope="col" abbr="${short}"><a href="#${stageAnchor(id)}"><span class="full">${title}</span><span class="short" aria-hidden="true">${short}</span></a></th>`;
  const row = (threat: Head) =>
    html`<tr><th scope="row" title="${threat.says}">${threat.title}</th>${matrix.stages.map((stage) => html`<td>${cellLink(matrix.cell(threat.id, stage.id), threat, stage)}</td>`)}</tr>`;
  return html`<div class="matrix-frame" tabindex="-1"><table class="matrix${matrix.stages.length > 8 ? html` many` : ""}" id="matrix"><caption class="hidden">Threats by stage of the lifecycle. Arrow keys move between cells.</caption>
<thead><tr><td></td>${matrix.stages.map(head)}</tr></thead><tbody>${matrix.threats.map(row)}</tbody></table></div>${key(cells)}`;
}

function cellLink(cell: CellState | undefined, threat: Head, stage: Head): Markup {
  if (cell === undefined) return html`<span class="hidden">no place</span>`;
  const { glyph, word } = marks[cell.status];
  const { measured, of } = measuredOf(cell.claims);
  const share = cell.applies ? `, ${measured} of ${of} claims measured` : "";
  const level = cell.level === "recommended" ? ", recommended only" : "";
  return html`<a class="cell ${cell.status}${cell.level === "recommended" ? html` lowered` : ""}" href="#${cellAnchor(cell)}" aria-label="${threat.title}, ${stage.title}: ${word}${share}${level}" title="${word}${share}${level}"><b>${glyph}</b>${cell.applies ? html`<i>${measured}/${of}</i>${progress(measured, of)}` : ""}</a>`;
}

/** How far measuring has come, where it has begun and is not done. */
const progress = (measured: number, of: number): Markup =>
  measured === 0 || measured === of
    ? html``
    : html`<svg class="progress" width="100%" height="3" aria-hidden="true"><rect width="${Math.round((100 * measured) / of)}%" height="3"/></svg>`;

function key(cells: readonly CellState[]): Markup {
  const used = statuses.filter((status) => status !== "errored" || cells.some((cell) => cell.status === status));
  return html`<ul class="key" aria-label="Key">${used.map((status) => html`<li class="${status}"><b aria-hidden="true">${marks[status].glyph}</b> <span>${marks[status].word}: ${marks[status].means}</span></li>`)}<li><b>2/3</b> <span>claims measured</span></li></ul>`;
}

/** The counts: large, in words, worst first. */
export const countsPart = (cells: readonly CellState[]): Markup =>
  html`<ul class="sum">${countsOf(cells).map(({ status, count }) => html`<li class="${status}${count === 0 ? html` zero` : ""}"><b>${count}</b><span><span aria-hidden="true">${marks[status].glyph}</span> ${marks[status].word}</span></li>`)}<li class="of">of ${cells.length} places where a threat can stand</li></ul>`;
