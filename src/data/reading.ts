import { quoted } from "../base/index.ts";
import type { Reading } from "./table.ts";

const formats: Readonly<Record<Reading["format"], string>> = {
  csv: "CSV",
  parquet: "Parquet",
  json: "JSON",
  arrow: "Arrow",
  numpy: "NumPy",
  images: "pictures",
};
const delimiters: Readonly<Record<string, string>> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars" };
const groups = { "": "", ".": "points", ",": "commas", " ": "blanks", "'": "apostrophes" } as const;

const mostNamed = 3;
const mostNotes = 5;

/** How a table was found to be written, in one line: `CSV, windows-1252, semicolons, decimal comma in “preis”; 3 files`. What is as usual goes without saying. */
function readingWords(reading: Reading): string {
  const { format, compression, encoding, delimiter, files = [] } = reading;
  const words = [
    formats[format],
    ...(encoding === undefined ? [] : [encoding]),
    ...(delimiter === undefined || delimiter === "," ? [] : [`fields separated by ${delimiters[delimiter] ?? quoted(delimiter)}`]),
    ...(compression === undefined ? [] : [`packed with ${compression}`]),
    ...(files.length === 0 ? [] : [files.length === 1 ? "1 file" : `${files.length} files`]),
    ...numberWords(reading),
    ...dateWords(reading),
  ];
  return words.join(", ");
}

/** The same, with what could not be told. */
export function readingInFull(reading: Reading): string {
  const shown = reading.notes.slice(0, mostNotes);
  const more = reading.notes.length > shown.length ? [`${reading.notes.length - shown.length} more notes.`] : [];
  return [`${readingWords(reading)}${reading.notes.length === 0 ? "" : "."}`, ...shown, ...more].join(" ");
}

function numberWords({ numbers = [] }: Reading): string[] {
  const by = Map.groupBy(numbers, ({ decimal, thousands }) => {
    const grouped = thousands === "" ? "" : `thousands grouped by ${groups[thousands]}`;
    return [decimal === "," ? "decimal commas" : "", grouped].filter(Boolean).join(" and ");
  });
  return [...by].map(([how, columns]) => `${how} in ${named(columns)}`);
}

function dateWords({ dates = [] }: Reading): string[] {
  const by = Map.groupBy(dates, ({ order }) => order);
  return [...by].map(([order, columns]) => `dates ${order} in ${named(columns)}`);
}

function named(columns: readonly { readonly column: string }[]): string {
  const shown = columns.slice(0, mostNamed).map(({ column }) => quoted(column, 40));
  return columns.length > shown.length ? `${shown.join(", ")} and ${columns.length - shown.length} more` : shown.join(", ");
}
