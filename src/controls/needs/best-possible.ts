import type { Column, Table } from "../../data/index.ts";

/**
 * Rows that no function of `features` answers right: of each set of rows with equal features, those whose label is not the set's most frequent one. Missing equals missing;
 * rows without a label do not count. Linear in rows times columns.
 */
export function beyondAnyModel(tables: readonly Table[], features: readonly string[], label: string): number {
  const labels = codesOf(tables, label);
  let sets = new Int32Array(labels.codes.length);
  for (const feature of features) sets = refined(sets, codesOf(tables, feature));
  const perSet = new Map<number, Map<number, number>>();
  for (const [row, set] of sets.entries()) {
    const code = labels.codes[row]!;
    if (code === labels.missing) continue;
    const counts = perSet.get(set) ?? new Map<number, number>();
    perSet.set(set, counts.set(code, (counts.get(code) ?? 0) + 1));
  }
  let beyond = 0;
  for (const counts of perSet.values()) {
    const rows = [...counts.values()];
    beyond += rows.reduce((sum, each) => sum + each, 0) - Math.max(...rows);
  }
  return beyond;
}

interface Codes {
  readonly codes: Int32Array;
  readonly distinct: number;
  /** The code of a missing value; -1 where none is missing. */
  readonly missing: number;
}

/** Splits each set by one more column. */
function refined(sets: Int32Array, { codes, distinct }: Codes): Int32Array<ArrayBuffer> {
  const known = new Map<number, number>();
  return Int32Array.from(sets, (set, row) => {
    const key = set * distinct + codes[row]!;
    const found = known.get(key) ?? known.size;
    if (found === known.size) known.set(key, found);
    return found;
  });
}

/** A column of all tables, one after the other, as codes that are equal where its values are. */
function codesOf(tables: readonly Table[], name: string): Codes {
  const known = new Map<string | number | null, number>();
  const values = tables.flatMap(({ columns }) => columns[name] ?? []);
  const codes = new Int32Array(values.reduce((sum, column) => sum + lengthOf(column), 0));
  let row = 0;
  for (const column of values) {
    for (let at = 0; at < lengthOf(column); at++) {
      const value = valueAt(column, at);
      const found = known.get(value) ?? known.size;
      if (found === known.size) known.set(value, found);
      codes[row++] = found;
    }
  }
  return { codes, distinct: known.size, missing: known.get(null) ?? -1 };
}

const lengthOf = (column: Column) => (column.kind === "number" ? column.values.length : column.codes.length);

function valueAt(column: Column, row: number): string | number | null {
  if (column.kind === "text") return column.categories[column.codes[row]!] ?? null;
  return Number.isNaN(column.values[row]!) ? null : column.values[row]!;
}
