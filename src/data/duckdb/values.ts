import type { ColumnKind, TableSource } from "../table.ts";
import { list, literal } from "./sql.ts";

/** A column as it lies in its file: `sql` names it inside the relation; it is called cN there, so that no name of a person's stands in our SQL. */
export interface Field {
  readonly name: string;
  readonly sql: string;
  readonly stored: "text" | "number" | "boolean" | "date";
}

const blanks = "E' \\t\\r\\n'";
const trimmed = (text: string) => `trim(${text}, ${blanks})`;
const asText = ({ sql, stored }: Field) => (stored === "text" ? sql : `CAST(${sql} AS VARCHAR)`);

/** The text without the blanks around it; NULL where missing. */
export function bareText(field: Field, { missing = [] }: TableSource): string {
  const text = trimmed(asText(field));
  return `CASE WHEN ${text} IN (${list(["", ...missing.map((word) => word.trim())].map(literal))}) THEN NULL ELSE ${text} END`;
}

/** The text as written (or trimmed, when the source says so); NULL where missing. */
function wholeText(field: Field, source: TableSource): string {
  if (source.trim === true || field.stored !== "text") return bareText(field, source);
  return `CASE WHEN ${bareText(field, source)} IS NULL THEN NULL ELSE ${field.sql} END`;
}

/** A double, NaN kept; NULL where missing or no number. */
export function doubleOf(field: Field, source: TableSource): string {
  if (field.stored === "text") {
    const text = bareText(field, source);
    return `CASE WHEN contains(${text}, '_') THEN NULL ELSE TRY_CAST(${text} AS DOUBLE) END`;
  }
  const number = `TRY_CAST(${field.sql} AS DOUBLE)`;
  const missing = (source.missing ?? []).map((word) => Number(word.trim() || "NaN")).filter(Number.isFinite);
  return missing.length === 0
    ? number
    : `CASE WHEN ${number} IN (${list(missing.map((value) => `${value}::DOUBLE`))}) THEN NULL ELSE ${number} END`;
}

export const isBoolean = (text: string) => `lower(${text}) IN ('true', 'false')`;
export const isDate = (text: string) => `(${text} LIKE '____-__-__%' AND TRY_CAST(${text} AS TIMESTAMP) IS NOT NULL)`;

/** The value as `kind`: a double (never NaN) for numbers, a text for all else; NULL where missing or not readable as that kind. */
export function cellValue(field: Field, kind: ColumnKind, source: TableSource): string {
  const text = bareText(field, source);
  switch (kind) {
    case "number":
      if (field.stored === "boolean") return `CAST(${field.sql} AS DOUBLE)`;
      return `nullif(${doubleOf(field, source)}, 'NaN'::DOUBLE)`;
    case "boolean":
      return `CASE WHEN ${isBoolean(text)} THEN lower(${text}) END`;
    case "date":
      return field.stored === "date" ? text : `CASE WHEN ${isDate(text)} THEN ${text} END`;
    case "text":
      return wholeText(field, source);
  }
}

/** True where there is something in the field that cannot be read as `kind`. */
export function isUnfit(field: Field, kind: ColumnKind, source: TableSource): string {
  if (kind === "text" || kind === field.stored) return "false";
  const read = kind === "number" && field.stored !== "boolean" ? doubleOf(field, source) : cellValue(field, kind, source);
  return `(${bareText(field, source)} IS NOT NULL AND ${read} IS NULL)`;
}
