import type { DuckDBVector } from "@duckdb/node-api";
import { Problem, quoted } from "../../base/index.ts";
import type { ReadOptions } from "../engine.ts";
import type { Column, ColumnKind, Table, TableSource } from "../table.ts";
import { askEach } from "./kinds.ts";
import { type Relation, rowId } from "./relation.ts";
import type { Session } from "./session.ts";
import { list } from "./sql.ts";
import { cellValue, type Field, isUnfit } from "./values.ts";

/** A column to be read, and the kind to read it as. */
export interface Wanted {
  readonly field: Field;
  readonly kind: ColumnKind;
}

/** A value that cannot be read as the kind asked for is a Problem that names its row. */
export async function checkFit(session: Session, relation: Relation, source: TableSource, wanted: readonly Wanted[]): Promise<void> {
  const kinds = new Map(wanted.map(({ field, kind }) => [field, kind]));
  const unfit = (field: Field) => isUnfit(field, kinds.get(field) ?? "text", source);
  const answers = await askEach(session, relation, [...kinds.keys()], (field) => [
    `count_if(${unfit(field)})`,
    `min(${rowId}) FILTER (WHERE ${unfit(field)})`,
    `arg_min(CAST(${field.sql} AS VARCHAR), ${rowId}) FILTER (WHERE ${unfit(field)})`,
  ]);
  for (const [at, { field, kind }] of wanted.entries()) {
    const [rows, row, text] = answers[at] ?? [];
    if (Number(rows) === 0) continue;
    throw new Problem(
      "TABLE_COLUMN_KIND",
      `column ${quoted(field.name)} is read as ${kind}, but holds ${quoted(String(text), 40)}; ${rows} such rows`,
      {
        file: relation.file,
        at: `row ${row}, column ${quoted(field.name)}`,
        remedy: "Correct the values, or list the words that mean a missing value under `missing`.",
      },
    );
  }
}

/** Reads whole columns, or their first rows. */
export async function readTable(
  session: Session,
  relation: Relation,
  source: TableSource,
  wanted: readonly Wanted[],
  options: ReadOptions,
): Promise<Table> {
  for await (const table of streamTables(session, relation, source, wanted, { ...options, batch: relation.rows })) return table;
  return tableOf(
    wanted,
    wanted.map((column) => builderOf(column, 0)),
    0,
  );
}

/** Yields tables of `batch` rows, the last one shorter; in memory there is one of them, and one chunk of DuckDB's. */
export async function* streamTables(
  session: Session,
  relation: Relation,
  source: TableSource,
  wanted: readonly Wanted[],
  { batch, limit = relation.rows }: ReadOptions & { readonly batch: number },
): AsyncGenerator<Table, void> {
  let left = Math.min(relation.rows, limit);
  if (left === 0) return;
  let size = Math.min(batch, left);
  let builders = wanted.map((column) => builderOf(column, size));
  let filled = 0;
  for await (const chunk of session.chunks(selection(relation, source, wanted, left), relation.file)) {
    const vectors = wanted.map((_, index) => chunk.getColumnVector(index));
    for (let from = 0; from < chunk.rowCount && left > 0; ) {
      const to = Math.min(chunk.rowCount, from + size - filled);
      for (const [index, builder] of builders.entries()) builder.add(vectors[index] as DuckDBVector, from, to, filled);
      filled += to - from;
      from = to;
      if (filled < size) continue;
      yield tableOf(wanted, builders, size);
      left -= size;
      filled = 0;
      size = Math.min(batch, left);
      builders = wanted.map((column) => builderOf(column, size));
    }
  }
  if (left > 0)
    throw new Problem("TABLE_DAMAGED", "the file gives fewer rows than it says it has", { file: relation.file, remedy: "Write it again." });
}

function selection({ from }: Relation, source: TableSource, wanted: readonly Wanted[], rows: number): string {
  const values = wanted.map(({ field, kind }) => {
    const value = cellValue(field, kind, source);
    return kind === "number" ? `coalesce(${value}, 'NaN'::DOUBLE)` : value;
  });
  return `SELECT ${list(values)} FROM ${from} LIMIT ${rows}`;
}

interface Builder {
  /** Copies the chunk's rows `from` to `to` to place `at`. */
  add(vector: DuckDBVector, from: number, to: number, at: number): void;
  column(): Column;
}

const builderOf = ({ kind }: Wanted, rows: number): Builder => (kind === "number" ? numbers(rows) : texts(rows));

/** The vector's own array, which the binding's types keep private: asking for one item after another takes many times as long. */
function doublesOf(vector: DuckDBVector): Float64Array {
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof Float64Array) return items;
  throw new TypeError("DuckDB did not give doubles");
}

function numbers(rows: number): Builder {
  const values = new Float64Array(rows);
  return {
    add: (vector, from, to, at) => values.set(doublesOf(vector).subarray(from, to), at),
    column: () => ({ kind: "number", values }),
  };
}

function texts(rows: number): Builder {
  const codes = new Int32Array(rows);
  const known = new Map<string, number>();
  return {
    add(vector, from, to, at) {
      for (let row = from; row < to; row++) {
        const text = vector.getItem(row) as string | null;
        codes[at + row - from] = text === null ? -1 : codeOf(known, text);
      }
    },
    column: () => sorted(codes, [...known.keys()]),
  };
}

function codeOf(known: Map<string, number>, text: string): number {
  const code = known.get(text);
  if (code !== undefined) return code;
  known.set(text, known.size);
  return known.size - 1;
}

/** Categories in the order of their code units, whatever row brought them first. */
function sorted(codes: Int32Array, found: readonly string[]): Column {
  const order = Array.from(found, (_, code) => code).sort((a, b) => ((found[a] as string) < (found[b] as string) ? -1 : 1));
  const place = new Int32Array(found.length);
  for (const [at, code] of order.entries()) place[code] = at;
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) codes[row] = place[codes[row]!]!;
  return { kind: "text", codes, categories: order.map((code) => found[code] as string) };
}

function tableOf(wanted: readonly Wanted[], builders: readonly Builder[], rows: number): Table {
  const columns: Record<string, Column> = Object.create(null);
  for (const [at, { field }] of wanted.entries()) {
    const builder = builders[at];
    if (builder) columns[field.name] = builder.column();
  }
  return { rows, columns };
}
