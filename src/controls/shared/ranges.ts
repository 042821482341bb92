import type { Column, NumberColumn, Table, TextColumn } from "../../data/index.ts";
import { quantiles } from "../../tensor/index.ts";

/** What training has seen in a column of numbers; of its finite values. */
export interface NumberRange {
  readonly kind: "number";
  readonly least: number;
  readonly most: number;
  /** The population's standard deviation. */
  readonly deviation: number;
  /** Every value is whole, and so are changed ones. */
  readonly whole: boolean;
  /** Quantiles from the least to the most, evenly spread; each once. */
  readonly grid: readonly number[];
}

/** The texts that training has seen, the most frequent first. */
export interface TextRange {
  readonly kind: "text";
  readonly texts: readonly string[];
}

export type Range = NumberRange | TextRange;

/** By column; a column without a value in training has none. */
export type Ranges = ReadonlyMap<string, Range>;

export function rangesOf(table: Table, columns: readonly string[], points = 21): Ranges {
  return new Map(
    columns.flatMap((name) => {
      const range = rangeOf(table.columns[name], points);
      return range === null ? [] : [[name, range] as const];
    }),
  );
}

function rangeOf(column: Column | undefined, points: number): Range | null {
  if (column === undefined) return null;
  return column.kind === "number" ? numberRange(column, points) : textRange(column);
}

function numberRange({ values }: NumberColumn, points: number): NumberRange | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const at = Array.from({ length: points }, (_, point) => point / (points - 1));
  const whole = finite.every(Number.isInteger);
  const grid = [...new Set(quantiles(finite, at).map((value) => (whole ? Math.round(value) : value)))];
  const [least, most] = [grid[0] ?? 0, grid.at(-1) ?? 0];
  // By way of a scale, so that the squares of huge numbers do not overflow.
  const scale = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const middle = finite.reduce((sum, value) => sum + value / scale, 0) / finite.length;
  const squares = finite.reduce((sum, value) => sum + (value / scale - middle) ** 2, 0);
  return { kind: "number", least, most, deviation: scale * Math.sqrt(squares / finite.length), whole, grid };
}

function textRange({ codes, categories }: TextColumn): TextRange | null {
  const counts = new Float64Array(categories.length);
  for (const code of codes) if (code >= 0) counts[code]! += 1;
  const present = categories.map((text, code) => ({ text, rows: counts[code]! })).filter(({ rows }) => rows > 0);
  if (present.length === 0) return null;
  return { kind: "text", texts: present.sort((a, b) => b.rows - a.rows).map(({ text }) => text) };
}

/** The same table with these columns in the place of its own. */
export const withColumns = (table: Table, changed: { readonly [name: string]: Column }): Table => ({
  ...table,
  columns: Object.assign(Object.create(null), table.columns, changed),
});

/** The column with categories that hold these texts too, still sorted. */
export function withTexts(
  { codes, categories }: TextColumn,
  texts: readonly string[],
): TextColumn & { readonly codeOf: ReadonlyMap<string, number> } {
  const all = [...new Set([...categories, ...texts])].sort();
  const codeOf = new Map(all.map((text, code) => [text, code]));
  const moved = Int32Array.from(categories, (text) => codeOf.get(text) ?? -1);
  return { kind: "text", codes: codes.map((code) => (code < 0 ? -1 : (moved[code] ?? -1))), categories: all, codeOf };
}
