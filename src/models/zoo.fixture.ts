import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ColumnFacts, Table } from "../data/index.ts";
import { bindModel, type DeclaredBinding, describeModel, openModel } from "./index.ts";

/** The models of vectors/models with the answers of the library that made them (see fixtures/models). */
export const zooFolder = join(import.meta.dirname, "../../vectors/models");

/** The models of many exporters, likewise (see fixtures/zoo). */
export const exportersFolder = join(import.meta.dirname, "../../vectors/zoo");

type Values = readonly (number | string | boolean | null)[];

interface Vector {
  readonly origin: string;
  /** How far answers may lie from the origin's: given where it is not the last digits of float32. */
  readonly within?: number;
  readonly label: string;
  readonly declared: Pick<DeclaredBinding, "features" | "inputs" | "shapes" | "encode" | "classes" | "output">;
  readonly columns: { readonly [name: string]: Values };
  readonly expected: { readonly classes: string[]; readonly labels: string[]; readonly probabilities: number[][] | null };
}

export const namesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".onnx"))
    .map((name) => name.slice(0, -".onnx".length));

export const vectorOf = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Vector;

export const zooNames = namesIn(zooFolder);
export const zooVector = (name: string) => vectorOf(zooFolder, name);
export const zooPath = (name: string) => join(zooFolder, `${name}.onnx`);

/** The answers of a folder's model to its own rows, bound as its vector declares. */
export async function answersOf(folder: string, name: string, batch?: number) {
  const { label, columns, declared } = vectorOf(folder, name);
  const path = join(folder, `${name}.onnx`);
  const facts = await describeModel(path, folder);
  const binding = bindModel({ path, root: folder, facts }, { model: name, dataset: "rows", columns: factsOf(columns), label, ...declared });
  await using model = await openModel(binding);
  return model.predict(tableOf(columns), { batch });
}

/** How far the largest difference of two lists of probabilities goes; NaN when they do not match. */
export function furthest(expected: readonly (readonly number[])[], probabilities: Float64Array | null): number {
  const values = expected.flat();
  if (values.length !== probabilities?.length) return Number.NaN;
  return Math.max(...values.map((value, at) => Math.abs(value - (probabilities[at] ?? Number.NaN))));
}

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
