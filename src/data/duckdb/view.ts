import type { ColumnKind, TableSource } from "../table.ts";
import { type Relation, rowId, type StoredField } from "./part.ts";
import { list, literal } from "./sql.ts";
import { type DateStyle, type NumberStyle, styledNumber } from "./written.ts";

/** A column of a view, under the names that SQL has for its forms. */
export interface Field extends StoredField {
  /** Its text without the blanks around it; NULL where missing. */
  readonly bare: string;
  /** A double, NaN kept; NULL where missing or no number. */
  readonly double: string;
  /** Whether a text's own value is the bare one. */
  readonly trims: boolean;
  /** How its numbers are written, if not as 1234.5. */
  readonly numbers?: NumberStyle;
  /** How its dates are written, if not as 2024-12-31. */
  readonly dates?: DateStyle;
}

/** A relation as one source's declaration sees it: what is missing is NULL. Every form is computed once a row, and only where it is asked for. */
export interface View {
  readonly file: string;
  /** What stands after FROM to ask about these fields. */
  from(fields: readonly Field[]): string;
  readonly rows: number;
  readonly fields: readonly Field[];
}

/** A column to be read, and the kind to read it as. */
export interface Wanted {
  readonly field: Field;
  readonly kind: ColumnKind;
}

export function viewOf({ file, from, rows, fields: stored }: Relation, source: TableSource): View {
  const fields = stored.map(
    (field, at): Field => ({ ...field, bare: `b${at}`, double: `n${at}`, trims: source.trim === true || field.stored !== "text" }),
  );
  return { file, rows, fields, from: (wanted) => `(${forms(from, wanted, source)})` };
}

/** The same view, some of its columns read as they are written. */
export const styledView = (view: View, styles: ReadonlyMap<string, Pick<Field, "numbers" | "dates">>): View => ({
  ...view,
  fields: view.fields.map((field) => ({ ...field, ...styles.get(field.name) })),
});

function forms(from: string, fields: readonly Field[], source: TableSource): string {
  const kept = [rowId, ...fields.map(({ sql }) => sql)];
  const asStored = [rowId, ...fields.map(({ sql, stored }) => (stored === "text" ? `CAST(${sql} AS VARCHAR) AS ${sql}` : sql))];
  const trimmed = fields.map((field) => `${trimmedText(field)} AS ${field.bare}`);
  const bare = fields.map((field) => `${bareText(field, source)} AS ${field.bare}`);
  const doubles = fields.map((field) => `${doubleOf(field, source)} AS ${field.double}`);
  const first = `SELECT ${list([...asStored, ...trimmed])} FROM ${from}`;
  const second = `SELECT ${list([...kept, ...bare])} FROM (${first})`;
  return `SELECT ${list([...kept, ...fields.map((field) => field.bare), ...doubles])} FROM (${second})`;
}

/** Trimming is slow, and most texts have no blank at either end. */
function trimmedText({ sql, stored }: Field): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  if (stored !== "text") return text;
  const ends = [" ", "\\t", "\\r", "\\n"].map((blank) => `suffix(${text}, E'${blank}')`);
  return `CASE WHEN ${text} < '!' OR ${ends.join(" OR ")} THEN trim(${text}, E' \\t\\r\\n') ELSE ${text} END`;
}

function bareText({ bare, stored }: Field, { missing = [] }: TableSource): string {
  const words = ["", ...(stored === "boolean" ? [] : missing.map((word) => word.trim()))];
  return `CASE WHEN ${bare} IN (${list(words.map(literal))}) THEN NULL ELSE ${bare} END`;
}

function doubleOf({ sql, bare, stored, numbers }: Field, source: TableSource): string {
  if (numbers !== undefined) return styledNumber(bare, numbers);
  switch (stored) {
    case "text": // DuckDB reads 1_000 as a number; nobody else does. A failing cast is slow: what cannot begin a number is not tried.
      return `CASE WHEN (${bare} < ':' OR lower(${bare}) IN ('nan', 'inf', 'infinity')) AND NOT contains(${bare}, '_') THEN TRY_CAST(${bare} AS DOUBLE) END`;
    case "number":
      return withoutMissing(`TRY_CAST(${sql} AS DOUBLE)`, source);
    case "boolean":
      return `CAST(${sql} AS DOUBLE)`;
    case "date":
      return "NULL::DOUBLE";
  }
}

function withoutMissing(number: string, { missing = [] }: TableSource): string {
  const values = missing.map((word) => Number(word.trim() || "NaN")).filter(Number.isFinite);
  return values.length === 0
    ? number
    : `CASE WHEN ${number} IN (${list(values.map((value) => `'${value}'::DOUBLE`))}) THEN NULL ELSE ${number} END`;
}
