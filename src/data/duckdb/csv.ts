import { createReadStream, createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Problem } from "../../base/index.ts";
import { type CheckedCsv, checkCsv, mostRecordBytes } from "../csv/index.ts";
import { checkNames } from "../names.ts";
import type { TableSource } from "../table.ts";
import { countRows, type Part, type PartField, type Piece, rowId, rowsInGroup } from "./part.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";

/** Parses a CSV file once, and lays its texts down in our own folder, in the file's order: its bytes are parsed by one set of rules. */
export async function openCsv(session: Session, { read = {}, files }: TableSource, path: string, plain: string): Promise<Part> {
  const copies = [session.place("utf8.csv"), session.place("header.csv")] as const;
  try {
    const csv = await checkCsv(plain, { file: path, hints: read, copy: copies[0] });
    const { header, encoding, delimiter, quoted: isQuoted, rows, firstRowLine } = csv;
    const line = plain !== path || files !== undefined || firstRowLine === undefined ? {} : { firstRowLine };
    const headerLine = csv.blankLines + 1;
    checkNames(header, path, { line: headerLine, mayLackNames: true });
    const piece = { path: session.place("parquet"), rows };
    await layDown(session, csv, path, piece.path, copies[1]);
    const fields = header.map(
      (name, at): PartField => ({ name, sql: `c${at}`, stored: "text", type: "VARCHAR", exactDigits: false, inferred: "any" }),
    );
    const { kept, notes } = await withoutNameless(session, fields, piece, path);
    checkNames(
      kept.map(({ name }) => name),
      path,
      { line: headerLine },
    );
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

/**
 * Columns without a name that nobody meant: empty ones, which a delimiter at the end of every line makes, and a first one that counts the rows, as pandas and R write it unless told
 * otherwise.
 */
async function withoutNameless(
  session: Session,
  fields: readonly PartField[],
  { path, rows }: Piece,
  file: string,
): Promise<{ readonly kept: readonly PartField[]; readonly notes: readonly string[] }> {
  const nameless = fields.filter(({ name }) => name === "");
  if (nameless.length === 0) return { kept: fields, notes: [] };
  const counts = nameless.flatMap(({ sql }) => [
    `count(nullif(trim(${sql}), ''))`,
    ...[0, 1].map((first) => `count_if(${sql} = CAST(${rowId} + ${first} AS VARCHAR))`),
  ]);
  const [found = []] = await session.rows(`SELECT ${list(counts)} FROM read_parquet(${literal(path)})`, file);
  const places = (some: readonly PartField[]) => some.map((field) => fields.indexOf(field) + 1).join(", ");
  const empty = nameless.filter((_, at) => Number(found[3 * at]) === 0);
  const counting = nameless.filter((field, at) => field === fields[0] && [1, 2].some((which) => Number(found[3 * at + which]) === rows));
  const kept = fields.filter((field) => !empty.includes(field) && !counting.includes(field));
  if (kept.length === 0) return { kept: fields, notes: [] };
  return {
    kept,
    notes: [
      ...(empty.length === 0 ? [] : [`Column ${places(empty)} has neither a name nor a value: left out.`]),
      ...(counting.length === 0 ? [] : ["The first column has no name and counts the rows: left out."]),
    ],
  };
}

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
