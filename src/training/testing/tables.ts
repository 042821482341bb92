import type { Table } from "../../data/index.ts";

type Values = readonly (number | string | null)[];

/** A table from plain columns: a column with a text in it is text; null is missing. */
export function tableOf(columns: { readonly [name: string]: Values }): Table {
  const names = Object.keys(columns);
  return {
    rows: columns[names[0] ?? ""]?.length ?? 0,
    columns: Object.assign(Object.create(null), Object.fromEntries(names.map((name) => [name, columnOf(columns[name] ?? [])]))),
  };
}

function columnOf(values: Values) {
  if (!values.some((value) => typeof value === "string")) {
    return { kind: "number", values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))) } as const;
  }
  const categories = [...new Set(values.filter((value) => value !== null).map(String))].sort();
  return {
    kind: "text",
    codes: Int32Array.from(values, (value) => (value === null ? -1 : categories.indexOf(String(value)))),
    categories,
  } as const;
}
