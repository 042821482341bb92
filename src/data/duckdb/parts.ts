import { createReadStream, createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { Problem, quoted } from "../../base/index.ts";
import type { Batches, BatchField } from "../batch.ts";
import { type CheckedCsv, checkCsv, mostRecordBytes } from "../csv/index.ts";
import { withoutEnding } from "../formats.ts";
import { openJson } from "../json/index.ts";
import { checkNames } from "../names.ts";
import { openArrays } from "../numpy/table.ts";
import { checkParquet } from "../parquet.ts";
import type { Reading, TableSource } from "../table.ts";
import { unpackFile } from "../unpack.ts";
import type { StoredField } from "./relation.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";
import { writeBatches } from "./write.ts";

/** A Parquet file that DuckDB may read. */
export interface Piece {
  readonly path: string;
  readonly rows: number;
}

/** A column of a part: its SQL name is that of its place in the pieces, under which they are all read. */
export interface PartField extends StoredField {
  readonly type: string;
}

/** One file of a table, or its arrays, ready to be queried as Parquet. */
export interface Part {
  /** The file as people know it. */
  readonly file: string;
  readonly pieces: readonly Piece[];
  /** Columns that the pieces have, named or not. */
  readonly width: number;
  readonly fields: readonly PartField[];
  readonly rows: number;
  readonly reading: Omit<Reading, "format" | "files" | "numbers" | "dates">;
}

/** Opens a file of a table; whatever it is written in, what comes out is Parquet: all later questions are quick, and are asked in one way. */
export async function openPart(session: Session, source: TableSource, path: string): Promise<Part> {
  if (source.format === "numpy" && source.arrays !== undefined) return openNumpy(session, source, source.path);
  const copy = session.place("unpacked");
  const { path: plain, compression } = await unpackFile(path, copy);
  try {
    const part = await opened(session, source, path, plain);
    return compression === undefined ? part : { ...part, reading: { compression, ...part.reading } };
  } finally {
    if (source.format !== "parquet") await rm(copy, { force: true });
  }
}

async function opened(session: Session, source: TableSource, path: string, plain: string): Promise<Part> {
  switch (source.format) {
    case "csv":
      return openCsv(session, source, path, plain);
    case "parquet":
      return openParquet(session, path, plain);
    case "json":
      return fromBatches(session, path, () => openJson(plain, path));
    case "arrow":
      return fromBatches(session, path, async () => (await import("../arrow/index.ts")).openArrow(plain, path, session.batchBytes));
    case "numpy":
      return openNumpy(session, plain === path ? source : unpackedArray(path, plain), path);
    case "images":
      throw new Error("pictures are no part of a database's table");
  }
}

/** An array that was packed keeps its name. */
const unpackedArray = (path: string, plain: string): TableSource => ({
  path: dirname(plain),
  format: "numpy",
  arrays: [{ column: withoutEnding(basename(path)), file: basename(plain) }],
});

const openNumpy = (session: Session, source: TableSource, path: string) =>
  fromBatches(session, path, () => openArrays(source, session.folder));

async function fromBatches(session: Session, file: string, open: () => Promise<Batches & Partial<AsyncDisposable>>): Promise<Part> {
  const batches = await open();
  try {
    checkNames(
      batches.fields.map(({ name }) => name),
      file,
    );
    if (batches.fields.length === 0) throw empty(file, "the file has no columns");
    const pieces = await writeBatches(session, batches, rowsInGroup(batches.fields.length), file);
    const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
    if (rows === 0) throw empty(file, "the file has columns and no rows");
    const fields = batches.fields.map(({ name, stored, type, mayBeDate }: BatchField, at): PartField => {
      const inferred = mayBeDate === true ? "dates" : "no";
      return { name, sql: `c${at}`, stored, type, exactDigits: /BIGINT/.test(type), inferred };
    });
    return { file, pieces, width: fields.length, fields, rows, reading: { notes: [] } };
  } finally {
    await batches[Symbol.asyncDispose]?.();
  }
}

/** Parses a CSV file once, and lays its texts down in our own folder, in the file's order: its bytes are parsed by one set of rules. */
async function openCsv(session: Session, { read = {}, files }: TableSource, path: string, plain: string): Promise<Part> {
  const copies = [session.place("utf8.csv"), session.place("header.csv")] as const;
  try {
    const csv = await checkCsv(plain, { file: path, hints: read, copy: copies[0] });
    const { header, encoding, delimiter, quoted: isQuoted, rows, firstRowLine } = csv;
    const line = plain !== path || files !== undefined || firstRowLine === undefined ? {} : { firstRowLine };
    const named = header.filter((name) => name !== "");
    checkNames(named, path);
    const piece = { path: session.place("parquet"), rows };
    await layDown(session, csv, path, piece.path, copies[1]);
    const fields = header.map(
      (name, at): PartField => ({ name, sql: `c${at}`, stored: "text", type: "VARCHAR", exactDigits: false, inferred: "any" }),
    );
    const kept = await withoutNameless(session, fields, piece, path);
    const notes = kept.length < fields.length ? [namelessNote(fields)] : [];
    const reading = {
      ...(encoding === undefined ? {} : { encoding }),
      delimiter,
      ...(isQuoted ? { quote: '"' as const } : {}),
      ...line,
      notes,
    };
    return { file: path, pieces: [piece], width: header.length, fields: kept, rows, reading };
  } finally {
    for (const copy of copies) await rm(copy, { force: true });
  }
}

async function layDown(session: Session, csv: CheckedCsv, file: string, to: string, copy: string): Promise<void> {
  const isOurs = csv.path.startsWith(session.folder);
  const link = hidesItsLineEnds(csv) ? await withPlainHeader(csv, copy) : isOurs ? csv.path : await session.admit(csv.path);
  const blankLines = hidesItsLineEnds(csv) ? 0 : csv.blankLines;
  await session.run(
    `COPY (SELECT * FROM ${csvReader(link, { ...csv, blankLines })}) TO ${literal(to)} (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE ${rowsInGroup(csv.header.length)})`,
    file,
  );
  const rows = await countRows(session, `read_parquet(${literal(to)})`, file);
  if (rows === csv.rows) return;
  throw new Problem("TABLE_DAMAGED", `two readings of the file differ: ${csv.rows} rows against ${rows}`, {
    file,
    remedy: "Its quotation marks or line ends are unusual: write it again with another program, or as Parquet.",
  });
}

/** A delimiter at the end of every line makes a column that nobody meant: without a name, and without a value. */
async function withoutNameless(session: Session, fields: readonly PartField[], { path }: Piece, file: string): Promise<PartField[]> {
  const nameless = fields.filter(({ name }) => name === "");
  if (nameless.length === 0) return [...fields];
  const counts = nameless.map(({ sql }) => `count(nullif(trim(${sql}), ''))`);
  const [found = []] = await session.rows(`SELECT ${list(counts)} FROM read_parquet(${literal(path)})`, file);
  const isEmpty = new Set(nameless.filter((_, at) => Number(found[at]) === 0));
  const kept = fields.filter((field) => !isEmpty.has(field));
  checkNames(
    kept.map(({ name }) => name),
    file,
  );
  return kept;
}

function namelessNote(fields: readonly PartField[]): string {
  const places = fields.flatMap(({ name }, at) => (name === "" ? [at + 1] : []));
  return `Column ${places.join(", ")} has neither a name nor a value: left out.`;
}

/** Rows that are held in memory while they are written: fewer in a wide table. DuckDB's own size for up to a hundred columns. */
export const rowsInGroup = (columns: number) => Math.max(2048, Math.min(122_880, Math.floor(12_000_000 / columns / 2048) * 2048));

/** DuckDB (1.5) cannot be told that lines end in CR LF: it takes the first line end that it meets, be it inside the quotation marks of a column's name. */
const hidesItsLineEnds = ({ lineEnd, header }: CheckedCsv) => lineEnd === "\r\n" && header.some((name) => /[\r\n]/.test(name));

async function withPlainHeader({ path, header, delimiter, bodyStart }: CheckedCsv, copy: string): Promise<string> {
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

async function openParquet(session: Session, file: string, plain: string): Promise<Part> {
  await checkParquet(plain, file);
  const link = plain === file ? await session.admit(plain) : plain;
  const names = topLevel(await session.rows(`SELECT name, num_children FROM parquet_schema(${literal(link)})`, file));
  if (names.length === 0) throw empty(file, "the file has no columns");
  checkNames(names, file);
  const reader = `read_parquet(${literal(link)}, hive_partitioning = false)`;
  const types = await session.rows(`DESCRIBE SELECT * FROM ${reader}`, file);
  const fields = names.map((name, at): PartField => {
    const type = String(types[at]?.[1]);
    return {
      name,
      sql: `c${at}`,
      stored: storedAs(name, type, file),
      type,
      exactDigits: /BIGINT|HUGEINT|DECIMAL/.test(type),
      inferred: "no",
    };
  });
  const rows = await countRows(session, reader, file);
  return { file, pieces: [{ path: link, rows }], width: names.length, fields, rows, reading: { notes: [] } };
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

export async function countRows(session: Session, from: string, file: string): Promise<number> {
  const [[rows] = []] = await session.rows(`SELECT count(*) FROM ${from}`, file);
  return Number(rows);
}

export const empty = (file: string, what: string) =>
  new Problem("TABLE_EMPTY", what, { file, remedy: "Write the table to it again, or leave it out." });
