import type { CellState, Status } from "../../assess/index.ts";
import { countsOf, type Head, marks, matrixOf, measuredOf, statuses, worstMeasured } from "../words.ts";
import { cellAnchor, stageAnchor } from "./homes.ts";
import { html, type Markup } from "./markup.ts";

/** Threats by stages as a picture: each cell a link to its section, with glyph, colour and how many claims are measured. */
export function matrixPart(cells: readonly CellState[]): Markup {
  const matrix = matrixOf(cells);
  const head = ({ id, title, short }: Head) => html`<th scope="col" title="${title}"><a href="#${stageAnchor(id)}">${short}</a></th>`;
  const row = (threat: Head) =>
    html`<tr><th scope="row" title="${threat.says}">${threat.title}</th>${matrix.stages.map((stage) => html`<td>${cellLink(matrix.cell(threat.id, stage.id), threat, stage)}</td>`)}</tr>`;
  return html`<div class="matrix-frame" tabindex="-1"><table class="matrix${matrix.stages.length > 8 ? html` many` : ""}" id="matrix"><caption class="hidden">Threats by stage of the lifecycle. Arrow keys move between cells.</caption>
<thead><tr><td></td>${matrix.stages.map(head)}</tr></thead><tbody>${matrix.threats.map(row)}</tbody></table></div>${key(cells)}`;
}

function cellLink(cell: CellState | undefined, threat: Head, stage: Head): Markup {
  if (cell === undefined) return html`<span class="hidden">no place</span>`;
  const { glyph, word } = marks[cell.status];
  const { measured, of } = measuredOf(cell.claims);
  const worst = cell.status === "unassessed" ? worstMeasured(cell.claims) : null;
  const soFar = worst === null ? "" : `, the worst of them ${marks[worst].word}`;
  const share = cell.applies ? `, ${measured} of ${of} claims measured${soFar}` : "";
  const level = cell.level === "recommended" ? ", recommended only" : "";
  return html`<a class="cell ${cell.status}${cell.level === "recommended" ? html` lowered` : ""}" href="#${cellAnchor(cell)}" title="${word}${share}${level}"><span class="hidden">${threat.title}, ${stage.title}: ${word}${share}${level}</span><b aria-hidden="true">${glyph}${worst === "undecided" ? html`<span class="sofar undecided">${marks.undecided.glyph}</span>` : ""}</b>${cell.applies ? html`<i aria-hidden="true">${measured}/${of}</i>${progress(measured, of, worst)}` : ""}</a>`;
}

/** How far measuring has come, where it has begun and is not done, in the colour of the worst it has said so far. */
const progress = (measured: number, of: number, worst: Status | null): Markup =>
  measured === 0 || measured === of
    ? html``
    : html`<svg class="progress${worst === null ? "" : html` ${worst}`}" width="100%" height="3" aria-hidden="true"><rect width="${Math.round((100 * measured) / of)}%" height="3"/></svg>`;

const beginsUndecided = ({ status, claims }: CellState) => status === "unassessed" && worstMeasured(claims) === "undecided";

function key(cells: readonly CellState[]): Markup {
  const used = statuses.filter((status) => status !== "errored" || cells.some((cell) => cell.status === status));
  return html`<ul class="key" aria-label="Key">${used.map((status) => html`<li class="${status}"><b aria-hidden="true">${marks[status].glyph}</b> <span>${marks[status].word}: ${marks[status].means}</span></li>`)}</ul>
<p class="key-note"><b>4/7</b> is no score: four of seven claims were measured, whatever they said.${cells.some(beginsUndecided) ? html` <b class="unassessed">${marks.unassessed.glyph}</b> <b class="undecided">${marks.undecided.glyph}</b> some claims are not measured, and one that was is undecided.` : ""}</p>`;
}

/** The counts: large, in words, worst first. */
export const countsPart = (cells: readonly CellState[]): Markup =>
  html`<ul class="sum">${countsOf(cells).map(({ status, count }) => html`<li class="${status}${count === 0 ? html` zero` : ""}"><b>${count}</b><span><span aria-hidden="true">${marks[status].glyph}</span> ${marks[status].word}</span></li>`)}<li class="of">of ${cells.length} places where a threat can stand</li></ul>`;
