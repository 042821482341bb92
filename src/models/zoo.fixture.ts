import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ColumnFacts, Table } from "../data/index.ts";
import type { DeclaredBinding } from "./bind.ts";

/** The models of vectors/models with the answers of the library that made them (see fixtures/models). */
export const zooFolder = join(import.meta.dirname, "../../vectors/models");

type Values = readonly (number | string | boolean | null)[];

interface Vector {
  readonly origin: string;
  readonly label: string;
  readonly declared: Pick<DeclaredBinding, "features" | "encode" | "classes" | "output">;
  readonly columns: { readonly [name: string]: Values };
  readonly expected: { readonly classes: string[]; readonly labels: string[]; readonly probabilities: number[][] | null };
}

export const zooNames = readdirSync(zooFolder)
  .filter((name) => name.endsWith(".onnx"))
  .map((name) => name.slice(0, -".onnx".length));

export const zooVector = (name: string) => JSON.parse(readFileSync(join(zooFolder, `${name}.json`), "utf8")) as Vector;
export const zooPath = (name: string) => join(zooFolder, `${name}.onnx`);

const isNumeric = (values: Values) => values.every((value) => value === null || typeof value === "number");

export function tableOf(columns: { readonly [name: string]: Values }): Table {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return { rows, columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, columnOf(values)])) };
}

function columnOf(values: Values): Table["columns"][string] {
  if (isNumeric(values))
    return { kind: "number", values: Float64Array.from(values, (value) => (typeof value === "number" ? value : Number.NaN)) };
  const categories = [...new Set(values.filter((value) => value !== null).map(String))];
  return { kind: "text", codes: Int32Array.from(values, (value) => categories.indexOf(String(value))), categories };
}

export const factsOf = (columns: { readonly [name: string]: Values }): ColumnFacts[] =>
  Object.entries(columns).map(([name, values]) => columnFacts(name, values));

function columnFacts(name: string, values: Values): ColumnFacts {
  const present = values.filter((value) => value !== null);
  const distinct = new Set(present);
  const common = { name, missing: values.length - present.length, distinct: distinct.size };
  if (!isNumeric(values)) {
    const kind = present.every((value) => typeof value === "boolean") ? "boolean" : "text";
    return {
      ...common,
      kind,
      values: [...distinct].map((value) => ({ value: String(value), rows: present.filter((other) => other === value).length })),
    };
  }
  const numbers = present.map(Number);
  return { ...common, kind: "number", integer: numbers.every(Number.isInteger), min: Math.min(...numbers), max: Math.max(...numbers) };
}
