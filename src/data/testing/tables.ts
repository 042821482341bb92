import type { Table } from "../table.ts";

/** A column as texts, in order; null where missing. */
export function textsOf(table: Table, name: string): (string | null)[] {
  const column = table.columns[name];
  if (column === undefined) throw new Error(`the table has no column ${name}`);
  if (column.kind === "number") return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  return Array.from(column.codes, (code) => column.categories[code] ?? null);
}
