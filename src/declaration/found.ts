import { type Place, quoted } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import type { Dataset, Split } from "./system.ts";
import type { Path } from "./yaml.ts";

/** A split's file as it was found. */
export interface Found {
  readonly split: Split;
  readonly columns: readonly ColumnFacts[];
  /** Its path as shown to people. */
  readonly shown: string;
  /** Where the declaration names it. */
  readonly place: Place;
}

/** A dataset, and its files as they were found. */
export interface Looked {
  readonly dataset: Dataset;
  readonly found: readonly Found[];
  readonly path: Path;
}

/** Where a path inside a dataset's declaration stands. */
export type Where = (path: Path) => Place;

export const columnOf = (columns: readonly ColumnFacts[], name: string) => columns.find((column) => column.name === name);

/** Names for a message. */
export const listed = (names: readonly string[], most = 8) => {
  const shown = names.slice(0, most).map((name) => quoted(name, 40));
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
};

/** All texts of a column over the splits; null when the facts do not list them all. */
export function textsOf(name: string, found: readonly Found[]): string[] | null {
  const columns = found.flatMap(({ columns }) => columnOf(columns, name) ?? []);
  const complete = columns.every(({ values, distinct }) => values !== undefined && values.length >= distinct);
  return complete && columns.length > 0 ? [...new Set(columns.flatMap(({ values = [] }) => values.map(({ value }) => value)))] : null;
}
