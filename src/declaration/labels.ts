import { nearest, Problem, quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import { classIndex } from "../models/index.ts";
import { columnOf, type Found, listed, textsOf, type Where } from "./found.ts";
import type { DatasetDeclaration } from "./schema.ts";

/** Labels must be there, of more than one class, in each split. */
export function checkLabel({ label }: DatasetDeclaration, found: readonly Found[], where: Where): Problem[] {
  if (label === undefined) return [];
  return found.flatMap(({ split, columns, shown }) => {
    const column = columnOf(columns, label);
    if (column === undefined || split.rows === 0 || column.distinct > 1) return [];
    const [only] = column.values ?? [];
    const value = only?.value ?? column.min;
    const what = value === undefined ? "is empty in every row" : `is ${quoted(String(value))} in every row`;
    return [
      new Problem("LABEL_ONE_CLASS", `label column ${quoted(label)} ${what} of ${quoted(shown)}`, {
        ...where(["label"]),
        remedy: "A model learns and is measured on two classes or more: check that this is the label, and how the split was made.",
      }),
    ];
  });
}

export function checkFavourable({ label, favourable }: DatasetDeclaration, found: readonly Found[], where: Where): Problem[] {
  if (favourable === undefined) return [];
  if (label === undefined) {
    return [
      new Problem("DECLARATION_KEY_MISSING", "a favourable label is declared, but no label column", {
        ...where(["favourable"]),
        remedy: "Name the column: `label: COLUMN`.",
      }),
    ];
  }
  const value = String(favourable);
  const columns = found.flatMap(({ columns }) => columnOf(columns, label) ?? []);
  const texts = textsOf(label, found);
  const isThere =
    texts !== null ? classIndex(texts)(value) !== undefined : columns.length === 0 || columns.some((column) => mayHold(column, value));
  if (isThere) return [];
  const near = texts === null ? null : nearest(value, texts);
  const there = texts === null ? "Write it as the column does." : `It holds ${listed(texts)}.`;
  return [
    new Problem("LABEL_FAVOURABLE_UNKNOWN", `label column ${quoted(label)} never holds ${quoted(value)}`, {
      ...where(["favourable"]),
      remedy: near === null ? there : `Did you mean ${quoted(near)}?`,
    }),
  ];
}

function mayHold({ kind, min, max, integer }: ColumnFacts, value: string): boolean {
  if (kind !== "number") return true;
  const number = value === "true" ? 1 : value === "false" ? 0 : value.trim() === "" ? Number.NaN : Number(value);
  return min !== undefined && max !== undefined && number >= min && number <= max && (integer !== true || Number.isInteger(number));
}

/** Whether each label of each split is one of the model's classes: a model that cannot say them cannot be measured on them. */
export function checkAnswers(label: string, classes: readonly string[], found: readonly Found[], where: Where): Problem[] {
  const indexOf = classIndex(classes);
  return found.flatMap(({ columns, shown }) => {
    const column = columnOf(columns, label);
    const unknown = (column?.values ?? []).map(({ value }) => value).filter((value) => indexOf(value) === undefined);
    const place = where(["label"]);
    return [
      ...((column?.missing ?? 0) > 0
        ? [
            new Problem("LABEL_UNKNOWN", `label column ${quoted(label)} is empty in ${column?.missing} rows of ${quoted(shown)}`, {
              ...place,
              remedy: "Fill in the labels, or leave such rows out.",
            }),
          ]
        : []),
      ...(unknown.length > 0
        ? [
            new Problem(
              "LABEL_UNKNOWN",
              `label column ${quoted(label)} of ${quoted(shown)} holds ${listed(unknown)}, none of the model's classes`,
              {
                ...place,
                remedy: `Correct the values, or declare the model's \`classes\`; now they are ${listed(classes)}.`,
              },
            ),
          ]
        : []),
    ];
  });
}
