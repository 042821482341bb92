import { stat } from "node:fs/promises";
import { quoted } from "../../base/index.ts";
import { filesOf, pathsOf } from "../files.ts";
import { checkNames } from "../names.ts";
import type { TableSource } from "../table.ts";
import { aligned, type FilePart } from "./align.ts";
import { empty, type Part, type Piece, type Relation, rowId, type StoredField } from "./part.ts";
import { openPart } from "./parts.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";

/** Opens a source once; later calls give the same relation as long as none of its files was changed. */
export function relations(session: Session) {
  const known = new Map<string, Promise<Relation>>();
  return async (source: TableSource): Promise<Relation> => {
    const { path, format, files, arrays, read } = source;
    const stamps = await Promise.all(pathsOf(source).map((each) => stat(each).catch(() => undefined)));
    const key = JSON.stringify([path, format, files, arrays, read, stamps.map((facts) => [facts?.size, facts?.mtimeMs])]);
    const found = known.get(key);
    if (found) return found;
    const opened = openTable(session, source);
    known.set(key, opened);
    opened.catch(() => known.delete(key));
    return opened;
  };
}

async function openTable(session: Session, source: TableSource): Promise<Relation> {
  const parts: FilePart[] = [];
  for (const file of filesOf(source)) parts.push({ ...file, part: await openPart(session, source, file.path) });
  return combined(source, await aligned(session, parts));
}

/** One table of all parts, each row numbered by its place in it; the keys of the folders are columns behind the others. */
function combined({ path, format, files }: TableSource, parts: readonly FilePart[]): Relation {
  const [{ part, keys } = { part: undefined, keys: [] }] = parts;
  if (part === undefined) throw empty(path, "there is no file of the table");
  const keyFields = keys.map(({ name }, at): StoredField => ({ name, sql: `k${at}`, stored: "text", exactDigits: false, inferred: "any" }));
  const fields = [...part.fields, ...keyFields];
  checkNames(
    fields.map(({ name }) => name),
    path,
  );
  const rows = parts.reduce((sum, each) => sum + each.part.rows, 0);
  if (rows === 0) throw empty(path, "the file has columns and no rows");
  const reading: Relation["reading"] = {
    format,
    ...part.reading,
    ...(files === undefined ? {} : { files: parts.map(({ name, part: { rows: some } }) => ({ name, rows: some })) }),
    notes: parts.flatMap((each) => each.part.reading.notes.map((note) => (each.name === "" ? note : `${quoted(each.name)}: ${note}`))),
  };
  return { file: path, fields, rows, from: readerOf(part, parts), reading };
}

function readerOf(part: Part, parts: readonly FilePart[]): string {
  const pieces = parts.flatMap(({ part: { pieces: own }, keys }) => own.map((piece) => ({ ...piece, keys })));
  const columns = list(Array.from({ length: part.width }, (_, at) => `c${at}`));
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1 && only.keys.length === 0) return readerOfOne(only, part, columns);
  const offsets: number[] = [];
  pieces.reduce((before, { rows }) => {
    offsets.push(before);
    return before + rows;
  }, 0);
  const ofPiece = (values: readonly string[], type: string) => `list_extract([${list(values)}]::${type}[], CAST(file_index AS BIGINT) + 1)`;
  const keys = (only?.keys ?? []).map((_, key) => {
    const values = pieces.map((piece) => (typeof piece.keys[key]?.value === "string" ? literal(piece.keys[key].value) : "NULL"));
    return `${ofPiece(values, "VARCHAR")} AS k${key}`;
  });
  const place = `${rowId} + ${ofPiece(offsets.map(String), "BIGINT")} AS ${rowId}`;
  const files = list(pieces.map(({ path }) => literal(path)));
  return `(SELECT ${list([columns, ...keys, place])} FROM read_parquet([${files}], hive_partitioning = false) AS t(${columns})) AS u`;
}

/** A person's column of the same name hides DuckDB's own: then the rows are counted. */
function readerOfOne({ path }: Piece, { fields }: Part, columns: string): string {
  const reader = `read_parquet(${literal(path)}, hive_partitioning = false)`;
  return fields.some(({ name }) => name.toLowerCase() === rowId)
    ? `(SELECT *, row_number() OVER () - 1 FROM ${reader}) AS t(${columns}, ${rowId})`
    : `${reader} AS t(${columns})`;
}
