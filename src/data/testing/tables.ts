import { writeFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import type { Table, TableSource } from "../table.ts";

/** A table in the open: what a test writes down and expects to read. */
export interface Plain {
  readonly columns: readonly {
    readonly name: string;
    readonly kind: "number" | "text";
    readonly values: readonly (string | number | null)[];
  }[];
}

/** A column as texts, in order; null where missing. */
export function textsOf(table: Table, name: string): (string | null)[] {
  const column = table.columns[name];
  if (column === undefined) throw new Error(`the table has no column ${name}`);
  if (column.kind === "number") return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  return Array.from(column.codes, (code) => column.categories[code] ?? null);
}

/** Writes a table to `path`, in a way that shares nothing with the code that reads it. */
export type Writer = (table: Plain, path: string) => Promise<TableSource>;

export interface CsvStyle {
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly quoteAll: boolean;
  readonly mark: boolean;
  readonly lastLineEnd: boolean;
}

export const plainStyle: CsvStyle = { delimiter: ",", lineEnd: "\n", quoteAll: false, mark: false, lastLineEnd: true };

export const csvWriter =
  (style: CsvStyle = plainStyle): Writer =>
  async ({ columns }, path) => {
    const field = (value: string | number | null) => {
      const text = value === null ? "" : String(value);
      return (style.quoteAll && text !== "") || /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const records = [
      columns.map(({ name }) => name),
      ...(columns[0]?.values ?? []).map((_, row) => columns.map(({ values }) => values[row] ?? null)),
    ];
    const text = records.map((record) => record.map(field).join(style.delimiter)).join(style.lineEnd);
    await writeFile(path, (style.mark ? "\u{feff}" : "") + text + (style.lastLineEnd ? style.lineEnd : ""));
    return { path, format: "csv" };
  };

/** Through DuckDB's own writer, its values given as constants. */
export const parquetWriter: Writer = async ({ columns }, path) => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const constant = (value: string | number | null) =>
    value === null ? "NULL" : typeof value === "number" ? `CAST('${value}' AS DOUBLE)` : text(value);
  const named = columns.map(({ name, kind }) => `"${name.replaceAll('"', '""')}" ${kind === "number" ? "DOUBLE" : "VARCHAR"}`);
  await connection.run(`CREATE TABLE t (${named.join(", ")})`);
  const rows = (columns[0]?.values ?? []).map((_, row) => `(${columns.map(({ values }) => constant(values[row] ?? null)).join(", ")})`);
  if (rows.length > 0) await connection.run(`INSERT INTO t VALUES ${rows.join(", ")}`);
  await connection.run(`COPY t TO ${text(path)} (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  connection.closeSync();
  instance.closeSync();
  return { path, format: "parquet" };
};

/** Without whole numbers of 2^53 or more, whose digits would be kept as text, and without -0. */
const number = fc
  .oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((value) => Number.isSafeInteger(value) || !/^-?\d+$/.test(String(value)))
  .map((value) => (value === 0 ? 0 : value));
const unit = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(..."abcxyz0159 .,;|\t'\"\\%_*?[](){}<>&#-é😀ﬁ\u{202e}\r\n") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
);
/** Texts that cannot be taken for anything else, and have no blank at their ends. */
const text = fc.array(unit, { maxLength: 12 }).map((units) => `t${units.join("").replaceAll("\0", "")}.`);
const name = fc.array(unit, { maxLength: 10 }).map((units) => `n${units.join("").replaceAll("\0", "")}`.trim());

/** Random tables with hostile names and values: 1 to 6 columns, 1 to 40 rows, some values missing. */
export const tables: fc.Arbitrary<Plain> = fc
  .record({ names: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), rows: fc.integer({ min: 1, max: 40 }) })
  .chain(({ names, rows }) =>
    fc.record({
      columns: fc.tuple(...names.map((each) => fc.oneof(columnOf(each, "number", number, rows), columnOf(each, "text", text, rows)))),
    }),
  );

/** The first value is there: what a column is cannot be told from nothing. */
const columnOf = (named: string, kind: "number" | "text", value: fc.Arbitrary<string | number>, rows: number) =>
  fc
    .tuple(value, fc.array(fc.option(value, { freq: 6 }), { minLength: rows - 1, maxLength: rows - 1 }))
    .map(([first, rest]) => ({ name: named, kind, values: [first, ...rest] }));

export const styles: fc.Arbitrary<CsvStyle> = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  quoteAll: fc.boolean(),
  mark: fc.boolean(),
  lastLineEnd: fc.boolean(),
});
