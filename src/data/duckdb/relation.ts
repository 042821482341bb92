import { createReadStream, createWriteStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Problem, quoted } from "../../base/index.ts";
import { type CheckedCsv, checkCsv, mostRecordBytes } from "../csv/index.ts";
import { checkNames } from "../names.ts";
import { checkParquet } from "../parquet.ts";
import type { TableSource } from "../table.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";

/** A column as it lies in its file. It is called cN in the relation, so that no name of a person's stands in our SQL. */
export interface StoredField {
  readonly name: string;
  readonly sql: string;
  readonly stored: "text" | "number" | "boolean" | "date";
  /** A type of numbers that can hold more digits than a double: long integers and decimals. */
  readonly exactDigits: boolean;
}

/** A table that was checked and can be queried: `from` is what stands after FROM; `rowId` is the row's place in the file. */
export interface Relation {
  readonly file: string;
  readonly from: string;
  readonly rows: number;
  readonly fields: readonly StoredField[];
}

export const rowId = "file_row_number";

/** Opens a source once; later calls give the same relation as long as the file was not changed. */
export function relations(session: Session) {
  const known = new Map<string, Promise<Relation>>();
  let count = 0;
  return async ({ path, format }: TableSource): Promise<Relation> => {
    const facts = await stat(path).catch(() => undefined);
    const key = JSON.stringify([path, format, facts?.size, facts?.mtimeMs]);
    const found = known.get(key);
    if (found) return found;
    const opened = format === "csv" ? openCsv(session, path, count++) : openParquet(session, path);
    known.set(key, opened);
    opened.catch(() => known.delete(key));
    return opened;
  };
}

/** Parses a CSV file once, and lays its texts down in our own folder as Parquet, in the file's order: all later questions are quick, and its bytes are parsed by one set of rules. */
async function openCsv(session: Session, path: string, number: number): Promise<Relation> {
  const csv = await checkCsv(path);
  const laidDown = session.place(`csv-${number}.parquet`);
  const link = hidesItsLineEnds(csv) ? await withPlainHeader(path, csv, session.place(`csv-${number}.csv`)) : await session.admit(path);
  const blankLines = hidesItsLineEnds(csv) ? 0 : csv.blankLines;
  const fields = csv.header.map((name, at): StoredField => ({ name, sql: `c${at}`, stored: "text", exactDigits: false }));
  await session.run(
    `COPY (SELECT * FROM ${csvReader(link, { ...csv, blankLines })}) TO ${literal(laidDown)} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE ${rowsInGroup(fields.length)})`,
    path,
  );
  const relation = { file: path, fields, rows: csv.rows, from: parquetReader(laidDown, fields) };
  const rows = await countRows(session, relation.from, path);
  if (rows === csv.rows) return relation;
  throw new Problem("TABLE_DAMAGED", `two readings of the file differ: ${csv.rows} rows against ${rows}`, {
    file: path,
    remedy: "Its quotation marks or line ends are unusual: write it again with another program, or as Parquet.",
  });
}

/** Rows that are held in memory while they are written: fewer in a wide table. DuckDB's own size for up to a hundred columns. */
const rowsInGroup = (columns: number) => Math.max(2048, Math.min(122_880, Math.floor(12_000_000 / columns / 2048) * 2048));

/** DuckDB (1.5) cannot be told that lines end in CR LF: it takes the first line end that it meets, be it inside the quotation marks of a column's name. */
const hidesItsLineEnds = ({ lineEnd, header }: CheckedCsv) => lineEnd === "\r\n" && header.some((name) => /[\r\n]/.test(name));

async function withPlainHeader(path: string, { header, delimiter, bodyStart }: CheckedCsv, copy: string): Promise<string> {
  await writeFile(copy, `${header.map((_, at) => `c${at}`).join(delimiter)}\r\n`);
  await pipeline(createReadStream(path, { start: bodyStart }), createWriteStream(copy, { flags: "a" }));
  return copy;
}

function csvReader(link: string, { header, delimiter, lineEnd, blankLines }: CheckedCsv): string {
  const options = [
    "auto_detect = false",
    "header = true",
    `columns = {${list(header.map((_, at) => `c${at}: 'VARCHAR'`))}}`,
    `delim = ${literal(delimiter)}`,
    `quote = '"', escape = '"'`,
    ...(lineEnd === "\r\n" ? [] : [`new_line = ${lineEnd === "\n" ? "'\\n'" : "'\\r'"}`]),
    `skip = ${blankLines}`,
    "strict_mode = true, null_padding = false, ignore_errors = false",
    `max_line_size = ${2 * mostRecordBytes}, buffer_size = ${8 * mostRecordBytes}`,
    "compression = 'none', hive_partitioning = false",
  ];
  return `read_csv(${literal(link)}, ${list(options)})`;
}

async function openParquet(session: Session, path: string): Promise<Relation> {
  await checkParquet(path);
  const link = await session.admit(path);
  const names = topLevel(await session.rows(`SELECT name, num_children FROM parquet_schema(${literal(link)})`, path));
  if (names.length === 0)
    throw new Problem("TABLE_EMPTY", "the file has no columns", { file: path, remedy: "Write the table to it again." });
  checkNames(names, path);
  const types = await session.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(link)}, hive_partitioning = false)`, path);
  const fields = names.map((name, at): StoredField => {
    const type = String(types[at]?.[1]);
    return { name, sql: `c${at}`, stored: storedAs(name, type, path), exactDigits: /BIGINT|HUGEINT|DECIMAL/.test(type) };
  });
  const from = parquetReader(link, fields);
  const rows = await countRows(session, from, path);
  if (rows === 0)
    throw new Problem("TABLE_EMPTY", "the file has columns and no rows", {
      file: path,
      remedy: "Write the table to it again, or leave it out.",
    });
  return { file: path, fields, rows, from };
}

/** The names of the columns themselves, out of the schema's tree in depth-first order. */
function topLevel(schema: readonly (readonly unknown[])[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = () => {
    for (let children = Number(schema[at++]?.[1] ?? 0); children > 0 && at < schema.length; children--) skip();
  };
  while (at < schema.length) {
    names.push(String(schema[at]?.[0] ?? ""));
    skip();
  }
  return names;
}

function storedAs(name: string, type: string, file: string): StoredField["stored"] {
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (/^(DATE|TIME|TIMESTAMP)/.test(type) && !type.includes("[")) return "date";
  if (/^(VARCHAR|UUID|ENUM\(.*\))$/.test(type)) return "text";
  throw new Problem("TABLE_COLUMN_NESTED", `column ${quoted(name)} holds ${quoted(type)}, which is no number, boolean, date or text`, {
    file,
    at: `column ${quoted(name)}`,
    remedy: "Leave it out, or write its parts as columns of their own (bytes that are texts: as UTF-8 strings).",
  });
}

function parquetReader(file: string, fields: readonly StoredField[]): string {
  const reader = `read_parquet(${literal(file)}, hive_partitioning = false)`;
  const columns = list(fields.map(({ sql }) => sql));
  const hidesRowId = fields.some(({ name }) => name.toLowerCase() === rowId);
  return hidesRowId ? `(SELECT *, row_number() OVER () - 1 FROM ${reader}) AS t(${columns}, ${rowId})` : `${reader} AS t(${columns})`;
}

async function countRows(session: Session, from: string, file: string): Promise<number> {
  const [[rows] = []] = await session.rows(`SELECT count(*) FROM ${from}`, file);
  return Number(rows);
}
