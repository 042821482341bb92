import type { Columns, Engine, EngineLimits } from "../engine.ts";
import type { Column, TableSource } from "../table.ts";
import type { Opened } from "./open.ts";
import { written } from "./written.ts";

/** A split's table with a digest in the place of each picture. */
export async function withDigests(
  { index, source: { column } }: Opened,
  digests: readonly string[],
  columns: Columns,
  tables: Engine,
  limits: EngineLimits,
): Promise<TableSource> {
  const names = columns === "all" ? (await tables.describe(index)).columns.map(({ name }) => name) : [...new Set(columns)];
  const others = names.filter((name) => name !== column);
  const table = others.length === 0 ? null : await tables.read(index, others);
  const cells = names.map((name) => (name === column ? (row: number) => digests[row] ?? "" : textAt(table?.columns[name])));
  return written([names, ...digests.map((_, row) => cells.map((cell) => cell(row)))], limits);
}

function textAt(column: Column | undefined): (row: number) => string {
  if (column === undefined) throw new Error("the engine did not read a column");
  if (column.kind === "text") return (row) => column.categories[column.codes[row] ?? -1] ?? "";
  return (row) => (Number.isNaN(column.values[row]) ? "" : String(column.values[row]));
}
