import { Problem, quoted } from "../base/index.ts";
import type { Column, Table } from "../data/index.ts";
import { own } from "./own.ts";

/** One form for texts that name the same label: `1`, `1.0` and `true` are equal, as are `0` and `false`. */
export function labelKey(text: string): string {
  const trimmed = text.trim();
  if (/^true$/i.test(trimmed)) return "1";
  if (/^false$/i.test(trimmed)) return "0";
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? String(Number(trimmed) + 0) : trimmed;
}

/** From a label's text to its index in `classes`; undefined when it is none of them. Exact texts win over numerically equal ones. */
export function classIndex(classes: readonly string[]): (text: string) => number | undefined {
  const exact = new Map(classes.map((name, index) => [name, index]));
  const byKey = new Map(classes.map((name, index) => [labelKey(name), index]));
  return (text) => exact.get(text) ?? byKey.get(labelKey(text));
}

/**
 * The true label of each row as an index into `classes`. Throws LABEL_UNKNOWN, naming the column and the first row, for values that are none of
 * the classes and for empty ones.
 */
export function labelIndices(table: Table, label: string, classes: readonly string[]): Int32Array {
  const column = own(table.columns, label);
  if (column === undefined) throw new Error(`the table has no column ${label}`);
  const indexOf = classIndex(classes);
  const indices = column.kind === "text" ? indicesOfTexts(column, indexOf) : indicesOfNumbers(column.values, indexOf);
  const unknown = indices.indexOf(-1);
  if (unknown >= 0) throw unknownLabel(column, unknown, label, classes);
  return indices;
}

function indicesOfTexts(
  { codes, categories }: Extract<Column, { kind: "text" }>,
  indexOf: (text: string) => number | undefined,
): Int32Array {
  const byCode = categories.map((text) => indexOf(text) ?? -1);
  return codes.map((code) => (code < 0 ? -1 : (byCode[code] ?? -1)));
}

function indicesOfNumbers(values: Float64Array, indexOf: (text: string) => number | undefined): Int32Array {
  const known = new Map<number, number>();
  return Int32Array.from(values, (value) => {
    const found = known.get(value) ?? indexOf(String(value)) ?? -1;
    known.set(value, found);
    return found;
  });
}

function unknownLabel(column: Column, row: number, label: string, classes: readonly string[]): Problem {
  const value = column.kind === "text" ? column.categories[column.codes[row] ?? -1] : column.values[row];
  const isEmpty = value === undefined || Number.isNaN(value);
  const what = isEmpty
    ? `label column ${quoted(label)} is empty`
    : `label ${quoted(String(value))} is none of the model's classes (${listed(classes)})`;
  return new Problem("LABEL_UNKNOWN", what, {
    at: `row ${row}`,
    remedy: isEmpty
      ? "Fill in the label, or leave such rows out."
      : "Correct the value, or declare the model's `classes` as the label column writes them.",
  });
}

/** Names for a message: quoted, and cut when there are many. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => quoted(name, 40));
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
}
