import type { DuckDBVector } from "@duckdb/node-api";
import { Problem, quoted } from "../../base/index.ts";
import type { ReadOptions } from "../engine.ts";
import type { Column, Table } from "../table.ts";
import { type Builder, byCodeUnits, coded, numbers, texts } from "./columns.ts";
import { askEach, columnsAtOnce } from "./kinds.ts";
import { rowId } from "./part.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";
import { cellValue, isUnfit } from "./values.ts";
import type { Field, View, Wanted } from "./view.ts";

/** A value that cannot be read as the kind asked for is a Problem that names its row. */
export async function checkFit(session: Session, view: View, wanted: readonly Wanted[]): Promise<void> {
  const fields = wanted.map(({ field, kind }) => ({ ...field, kind, unfit: isUnfit(field, kind) }));
  const answers = await askEach(session, view, fields, ({ unfit, bare }) => [
    `count_if(${unfit})`,
    `min(${rowId}) FILTER (WHERE ${unfit})`,
    `arg_min(${bare}, ${rowId}) FILTER (WHERE ${unfit})`,
  ]);
  for (const [at, { name, kind }] of fields.entries()) {
    const [rows, row, text] = answers[at] ?? [];
    if (Number(rows) === 0) continue;
    throw new Problem(
      "TABLE_COLUMN_KIND",
      `column ${quoted(name)} is read as ${kind}, but holds ${quoted(String(text), 40)} (rows like this: ${rows})`,
      {
        file: view.file,
        at: `row ${row}, column ${quoted(name)}`,
        remedy: "Correct the values, or list the words that mean a missing value under `missing`.",
      },
    );
  }
}

/** Reads whole columns, or their first rows; some columns at a time. */
export async function readTable(session: Session, view: View, wanted: readonly Wanted[], options: ReadOptions): Promise<Table> {
  if (options.limit === 0) return tableOf(await sourcesOf(session, view, wanted), 0);
  const columns: Record<string, Column> = Object.create(null);
  for (let start = 0; start < wanted.length; start += columnsAtOnce) {
    const some = wanted.slice(start, start + columnsAtOnce);
    for await (const table of streamTables(session, view, some, { ...options, batch: view.rows })) Object.assign(columns, table.columns);
  }
  return { rows: Math.min(view.rows, options.limit ?? view.rows), columns };
}

/** Yields tables of `batch` rows, the last one shorter; in memory there is one of them, and one chunk of DuckDB's. */
export async function* streamTables(
  session: Session,
  view: View,
  wanted: readonly Wanted[],
  { batch, limit = view.rows }: ReadOptions & { readonly batch: number },
): AsyncGenerator<Table, void> {
  let left = Math.min(view.rows, limit);
  if (left === 0 || wanted.length === 0) return;
  const sources = await sourcesOf(session, view, wanted);
  let size = Math.min(batch, left);
  let builders = sources.map(({ build }) => build(size));
  let filled = 0;
  const query = `SELECT ${list(sources.map(({ select }) => select))} FROM ${view.from(wanted.map(({ field }) => field))}${left < view.rows ? ` WHERE ${rowId} < ${left}` : ""}`;
  for await (const chunk of session.chunks(query, view.file)) {
    const vectors = sources.map((_, index) => chunk.getColumnVector(index));
    for (let from = 0; from < chunk.rowCount && left > 0; ) {
      const to = Math.min(chunk.rowCount, from + size - filled);
      for (const [index, builder] of builders.entries()) builder.add(vectors[index] as DuckDBVector, from, to, filled);
      filled += to - from;
      from = to;
      if (filled < size) continue;
      yield tableOf(sources, size, builders);
      left -= size;
      filled = 0;
      size = Math.min(batch, left);
      builders = sources.map(({ build }) => build(size));
    }
  }
  if (left > 0) await endedEarly(session, view, wanted, sources);
}

/** The binding ends a stream without a word when something goes wrong in it; asked for one row about all of them, DuckDB says what it was. */
async function endedEarly(session: Session, view: View, wanted: readonly Wanted[], sources: readonly ColumnSource[]): Promise<never> {
  await session.rows(
    `SELECT ${list(sources.map(({ select }) => `max(${select})`))} FROM ${view.from(wanted.map(({ field }) => field))}`,
    view.file,
  );
  throw new Problem("TABLE_TOO_LARGE", "the table was not read to its end; there was probably too little memory", {
    file: view.file,
    remedy: "Ask for fewer columns, or raise the limit with SEXTANT_MEMORY_MIB.",
  });
}

/** What SQL gives for a column, and what takes it. */
interface ColumnSource {
  readonly name: string;
  readonly select: string;
  build(rows: number): Builder;
}

async function sourcesOf(session: Session, view: View, wanted: readonly Wanted[]): Promise<ColumnSource[]> {
  const columns = wanted.map(({ field, kind }) => ({ ...field, kind, value: cellValue(field, kind) }));
  const dictionaries = await dictionariesOf(
    session,
    view,
    columns.filter(({ kind }) => kind !== "number"),
  );
  return columns.map(({ name, kind, value }) => {
    const dictionary = dictionaries.get(name);
    if (kind === "number") return { name, select: `coalesce(${value}, 'NaN'::DOUBLE)`, build: numbers };
    if (dictionary === undefined) return { name, select: value, build: texts };
    return { name, select: codeIn(dictionary, value), build: (rows) => coded(rows, dictionary) };
  });
}

/** Texts of more values than this come as texts: each costs some hundred nanoseconds, a code next to nothing. */
const mostInDictionary = 2000;

/** All values of each column in order, where they are few and short enough to be numbered by the engine. */
async function dictionariesOf(
  session: Session,
  view: View,
  columns: readonly (Field & { readonly value: string })[],
): Promise<Map<string, string[]>> {
  const estimates = await askEach(session, view, columns, ({ value }) => [`approx_count_distinct(${value})`, `max(strlen(${value}))`]);
  const few = columns.filter((_, at) => Number(estimates[at]?.[0]) <= mostInDictionary && Number(estimates[at]?.[1]) <= 200);
  const found = await askEach(session, view, few, ({ value }) => [`list(DISTINCT ${value})`]);
  const dictionaries = new Map<string, string[]>();
  for (const [at, { name }] of few.entries()) {
    const values = ((found[at]?.[0] ?? []) as (string | null)[]).filter((text) => text !== null);
    if (!values.some((text) => text.includes("\0"))) dictionaries.set(name, values.sort(byCodeUnits)); // NUL cannot stand in SQL
  }
  return dictionaries;
}

const codeIn = (dictionary: readonly string[], value: string) =>
  dictionary.length === 0
    ? "-1::INTEGER"
    : `coalesce(CAST(enum_code(CAST(${value} AS ENUM(${list(dictionary.map(literal))}))) AS INTEGER), -1)`;

function tableOf(sources: readonly ColumnSource[], rows: number, builders = sources.map(({ build }) => build(rows))): Table {
  const columns: Record<string, Column> = Object.create(null);
  for (const [at, { name }] of sources.entries()) columns[name] = builders[at]?.column() as Column;
  return { rows, columns };
}
