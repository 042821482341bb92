import { deflateSync } from "node:zlib";
import { count } from "../numbers.ts";
import { html, type Markup, prose, shown, trusted } from "./markup.ts";

export interface Column {
  readonly title: string;
  /** Set to the left, and broken over lines. */
  readonly words?: boolean;
}
/** A text, a number (as the file gets it, and how the page writes it), or nothing. */
export type Cell = string | { readonly number: number; readonly text: string } | null;

export interface LongTable {
  /** What the table holds, for those who can't see it; of its file's name too. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many rows stand on the page without a script, and in print. */
  readonly first: number;
  /** What to say of the rows that are left out. */
  note(first: number, all: number): string;
}

/**
 * A table of any length. Its first rows are markup; all of them lie beside, compressed, for the page's script to show by pages, to search, and to hand over
 * as a CSV file. So a page of 10,000 findings stays small and quick, and nothing is out of reach.
 */
export function longTable(table: LongTable): Markup {
  const columns = filled(table);
  const titles = columns.map(({ title, words }) => html`<th scope="col"${words ? html` class="words"` : ""}>${title}</th>`);
  const rows = table.rows.slice(0, table.first).map((row) => rowPart(row, columns));
  const left = table.rows.length > table.first;
  return html`<div class="long" data-label="${table.label}" data-rows="${table.rows.length}" data-packed="${trusted(packed(table, columns))}"><div class="scroll" tabindex="0" role="region" aria-label="${table.label}"><table class="data"><thead><tr>${titles}</tr></thead><tbody>${rows}</tbody></table></div>${left ? html`<p class="fine bound">${table.note(table.first, table.rows.length)}</p>` : ""}</div>`;
}

type Placed = Column & { readonly place: number };

/** Only columns that hold something. */
const filled = ({ columns, rows }: LongTable): readonly Placed[] =>
  columns.map((column, place) => ({ ...column, place })).filter(({ place }) => rows.some((row) => (row[place] ?? null) !== null));

function rowPart(row: readonly Cell[], columns: readonly Placed[]): Markup {
  const cells = columns.map(({ place, words }, at) => {
    const cell = row[place] ?? null;
    const content = cell === null ? "" : typeof cell === "string" ? prose(cell) : cell.text;
    return at === 0
      ? html`<th scope="row">${cell === null || cell === "" ? "–" : content}</th>`
      : html`<td${words ? html` class="words"` : ""}>${content}</td>`;
  });
  return html`<tr>${cells}</tr>`;
}

/** As JSON, deflated, in base 64: `{ titles, words, rows }`, where a cell is a text, null, or `[number, text]`. */
function packed({ rows }: LongTable, columns: readonly Placed[]): string {
  const cells = rows.map((row) =>
    columns.map(({ place }) => {
      const cell = row[place] ?? null;
      return cell === null ? null : typeof cell === "string" ? shown(cell) : [cell.number, cell.text];
    }),
  );
  const all = { titles: columns.map(({ title }) => shown(title)), words: columns.map(({ words = false }) => words), rows: cells };
  return deflateSync(JSON.stringify(all)).toString("base64");
}

/** A number and how it is written. */
export const numeric = (number: number | undefined, text: (value: number) => string = count): Cell =>
  number === undefined ? null : { number, text: text(number) };
