import { axisAmount } from "../numbers.ts";
import type { Series } from "./chart-parts.ts";
import { html, type Markup } from "./markup.ts";

/** More columns or rows than these are no picture any more; the table of values holds all. */
const mostSide = 20;
const shades = 9;

/** A matrix as a table whose cells are tinted: it reads aloud, prints in grey, and needs no other text. Where row and column have one name, a frame says so. */
export function matrixTable(series: Series, whose: string): Markup {
  const { name, x, y, rows } = series;
  const down = rows?.values ?? [];
  const columns = x.values.slice(0, mostSide).map(String);
  const shade = shadeOf(series);
  const cell = (row: number, at: number) => {
    const place = row * x.values.length + at;
    const same = down[row] === columns[at] ? html` same` : "";
    return html`<td class="heat-${shade(place)}${same}">${axisAmount(y.values[place] ?? 0, y.unit)}</td>`;
  };
  const body = down
    .slice(0, mostSide)
    .map((head, row) => html`<tr><th scope="row">${head}</th>${columns.map((_, at) => cell(row, at))}</tr>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${whose}"><table class="heat"><caption class="hidden">${name}: ${y.label}; rows are ${rows?.label ?? ""}, columns ${x.label}</caption>
<thead><tr><td></td><th scope="colgroup" colspan="${columns.length}" class="over-columns">${x.label}</th></tr><tr><th scope="col">${rows?.label ?? ""}</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** How many of a matrix's cells its picture shows. */
export const cellsShown = ({ x, rows }: Series): number =>
  Math.min(mostSide, x.values.length) * Math.min(mostSide, rows?.values.length ?? 0);

/** A count is tinted by its share of its row, so that a rare class shows too; anything else by its share of the largest. */
function shadeOf({ x, y }: Series): (place: number) => number {
  const width = Math.max(1, x.values.length);
  const values = y.values.map((value) => Math.max(0, value));
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const sums = new Map<number, number>();
  for (const [place, value] of values.entries()) sums.set(Math.floor(place / width), (sums.get(Math.floor(place / width)) ?? 0) + value);
  return (place) => {
    const whole = y.unit === "rows" ? (sums.get(Math.floor(place / width)) ?? 0) : largest;
    return whole > 0 ? Math.round((shades * (values[place] ?? 0)) / whole) : 0;
  };
}
