import type { DuckDBVector } from "@duckdb/node-api";
import type { Column } from "../table.ts";

/** Gathers one column, chunk by chunk. */
export interface Builder {
  /** Copies the chunk's rows `from` to `to` to place `at`. */
  add(vector: DuckDBVector, from: number, to: number, at: number): void;
  column(): Column;
}

export const byCodeUnits = (a: string, b: string) => (a < b ? -1 : 1);

/** The vector's own array, which the binding's types keep private: asking for one item after another takes many times as long. */
function itemsOf<T>(vector: DuckDBVector, type: abstract new (...rest: never[]) => T): T {
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof type) return items;
  throw new TypeError("DuckDB gave another type than it was asked for");
}

/** From doubles, NaN where missing. */
export function numbers(rows: number): Builder {
  const values = new Float64Array(rows);
  return {
    add: (vector, from, to, at) => values.set(itemsOf(vector, Float64Array).subarray(from, to), at),
    column: () => ({ kind: "number", values }),
  };
}

/** From codes into known categories, -1 where missing. */
export function coded(rows: number, categories: readonly string[]): Builder {
  const codes = new Int32Array(rows);
  return {
    add: (vector, from, to, at) => codes.set(itemsOf(vector, Int32Array).subarray(from, to), at),
    column: () => ({ kind: "text", codes, categories }),
  };
}

/** From texts, null where missing. */
export function texts(rows: number): Builder {
  const codes = new Int32Array(rows);
  const known = new Map<string, number>();
  return {
    add(vector, from, to, at) {
      for (let row = from; row < to; row++) {
        const text = vector.getItem(row) as string | null;
        codes[at + row - from] = text === null ? -1 : codeOf(known, text);
      }
    },
    column: () => sorted(codes, [...known.keys()]),
  };
}

function codeOf(known: Map<string, number>, text: string): number {
  const code = known.get(text);
  if (code !== undefined) return code;
  known.set(text, known.size);
  return known.size - 1;
}

/** Categories in the order of their code units, whatever row brought them first. */
function sorted(codes: Int32Array, found: readonly string[]): Column {
  const categories = [...found].sort(byCodeUnits);
  const places = new Map(categories.map((text, at) => [text, at]));
  const place = Int32Array.from(found, (text) => places.get(text) ?? -1);
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) codes[row] = place[codes[row]!]!;
  return { kind: "text", codes, categories };
}
