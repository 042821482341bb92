import type { ColumnKind } from "../table.ts";
import type { Field } from "./view.ts";
import { isoDate } from "./written.ts";

export const isBoolean = ({ bare }: Field) => `lower(${bare}) IN ('true', 'false')`;
export const isDate = ({ bare }: Field) => `(CASE WHEN ${bare} LIKE '____-__-__%' THEN TRY_CAST(${bare} AS TIMESTAMP) END IS NOT NULL)`;

/** The value as `kind`: a double (never NaN) for numbers, a text for all else; NULL where missing or not readable as that kind. */
export function cellValue(field: Field, kind: ColumnKind): string {
  switch (kind) {
    case "number":
      return `nullif(${field.double}, 'NaN'::DOUBLE)`;
    case "boolean":
      return `CASE WHEN ${isBoolean(field)} THEN lower(${field.bare}) END`;
    case "date":
      if (field.dates !== undefined) return isoDate(field.bare, field.dates);
      return field.stored === "date" ? field.bare : `CASE WHEN ${isDate(field)} THEN ${field.bare} END`;
    case "text":
      return field.trims ? field.bare : `CASE WHEN ${field.bare} IS NULL THEN NULL ELSE ${field.sql} END`;
  }
}

/** True where there is something in the field that cannot be read as `kind`. */
export function isUnfit(field: Field, kind: ColumnKind): string {
  if (kind === "text" || kind === field.stored) return "false";
  return `(${field.bare} IS NOT NULL AND ${kind === "number" ? field.double : cellValue(field, kind)} IS NULL)`;
}
