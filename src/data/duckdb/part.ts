import { Problem } from "../../base/index.ts";
import type { Reading } from "../table.ts";
import type { Session } from "./session.ts";

/** A column as it lies in its file. It is called cN in the relation, so that no name of a person's stands in our SQL. */
export interface StoredField {
  readonly name: string;
  readonly sql: string;
  readonly stored: "text" | "number" | "boolean" | "date";
  /** A type of numbers that can hold more digits than a double: long integers and decimals. */
  readonly exactDigits: boolean;
  /** Texts that stand for values of any kind (CSV), or for dates (JSON): all of them tell what they are. */
  readonly inferred: "any" | "dates" | "no";
}

/** A table that was checked and can be queried: `from` is what stands after FROM; `rowId` is the row's place in the table. */
export interface Relation {
  readonly file: string;
  readonly from: string;
  readonly rows: number;
  readonly fields: readonly StoredField[];
  readonly reading: Omit<Reading, "numbers" | "dates">;
}

export const rowId = "file_row_number";

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

/** Rows that are held in memory while they are written: fewer in a wide table. DuckDB's own size for up to a hundred columns. */
export const rowsInGroup = (columns: number) => Math.max(2048, Math.min(122_880, Math.floor(12_000_000 / columns / 2048) * 2048));

export async function countRows(session: Session, from: string, file: string): Promise<number> {
  const [[rows] = []] = await session.rows(`SELECT count(*) FROM ${from}`, file);
  return Number(rows);
}

export const empty = (file: string, what: string) =>
  new Problem("TABLE_EMPTY", what, { file, remedy: "Write the table to it again, or leave it out." });
