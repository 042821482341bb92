import type { Column, NumberColumn, Table, TextColumn } from "../../../data/index.ts";
import type { Feature, Space } from "./space.ts";

/** Texts of a column beyond these become no features: the column stays as it is. */
const mostTexts = 256;

/** How far a column of numbers can go, where that is beyond what the tables hold. */
export type Ranges = Readonly<Record<string, { readonly min?: number | undefined; readonly max?: number | undefined } | undefined>>;

/**
 * The space of these columns: numbers between the least and the most of `tables`, texts as one feature each. Columns without a value are left out; those in
 * `frozen` stay as they are. `ranges` lets columns go beyond the tables, on the same scale.
 */
export function tableSpace(
  columns: readonly string[],
  tables: readonly Table[],
  frozen: ReadonlySet<string> = new Set(),
  ranges: Ranges = {},
): Space {
  const groups = columns.map((name) => ({ name, features: featuresOf(name, tables) })).filter((group) => group.features.length > 0);
  const features = groups.flatMap((group) => group.features);
  const width = features.length;
  const starts = new Map<string, number>();
  for (let at = 0; at < width; at++) if (!starts.has(features[at]!.column)) starts.set(features[at]!.column, at);
  const taken = groups.map(({ name, features: own }) => ({ name, own, from: starts.get(name) ?? 0 }));
  return {
    width,
    features,
    shape: null,
    box: {
      lows: Float32Array.from(features, (feature) => boundOf(feature, ranges, "low")),
      highs: Float32Array.from(features, (feature) => boundOf(feature, ranges, "high")),
      frozen: Uint8Array.from(features, (feature) => Number(feature.kind === "kept" || frozen.has(feature.column))),
    },
    complete: (table) =>
      Int32Array.from({ length: table.rows }, (_, row) => row).filter((row) =>
        taken.every(({ name }) => isThere(table.columns[name], row)),
      ),
    async pointsOf(table) {
      const values = new Float32Array(table.rows * width);
      for (const { name, own, from } of taken) fill(values, width, from, own, columnOf(table, name));
      return { rows: table.rows, width, values };
    },
    tableOf({ rows, values }) {
      const made = taken.map(({ name, own, from }) => [name, columnFrom(values, { rows, width, from, ranges }, own)] as const);
      return { rows, columns: Object.assign(Object.create(null), Object.fromEntries(made)) };
    },
  };
}

function boundOf(feature: Feature, ranges: Ranges, side: "low" | "high"): number {
  if (feature.kind === "kept") return side === "low" ? 0 : feature.texts.length - 1;
  if (feature.kind !== "number") return side === "low" ? 0 : 1;
  const { low } = feature;
  return (rangeOf(feature, ranges)[side === "low" ? 0 : 1] - low) / spanOf(feature);
}

/** A column that never varied is measured in its own unit. */
export const spanOf = ({ low, high }: { readonly low: number; readonly high: number }) => high - low || 1;

function rangeOf({ column, low, high }: Feature & { readonly kind: "number" }, ranges: Ranges): readonly [number, number] {
  const { min = low, max = high } = (Object.hasOwn(ranges, column) ? ranges[column] : undefined) ?? {};
  return [Math.min(low, min), Math.max(high, max)];
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns[name];
  if (column === undefined) throw new Error(`the table has no column ${name}`);
  return column;
}

const isThere = (column: Column | undefined, row: number) =>
  column !== undefined && (column.kind === "number" ? Number.isFinite(column.values[row]!) : column.codes[row]! >= 0);

function featuresOf(name: string, tables: readonly Table[]): readonly Feature[] {
  const all = tables.map((table) => columnOf(table, name));
  if (all.every((column): column is NumberColumn => column.kind === "number")) return numberFeature(name, all);
  const texts = all.flatMap((column) => (column.kind === "text" ? textsOf(column) : []));
  const different = [...new Set(texts)].sort();
  if (different.length > mostTexts) return [{ kind: "kept", column: name, texts: different }];
  return different.map((text) => ({ kind: "text", column: name, text }));
}

const textsOf = ({ codes, categories }: TextColumn) => {
  const present = new Set(codes);
  return categories.filter((_, code) => present.has(code));
};

function numberFeature(column: string, all: readonly NumberColumn[]): readonly Feature[] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (const { values } of all)
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
      whole &&= Number.isInteger(value);
    }
  return low > high ? [] : [{ kind: "number", column, low, high, whole }];
}

function fill(into: Float32Array, width: number, from: number, own: readonly Feature[], column: Column): void {
  const rows = into.length / width;
  const [first] = own;
  if (first?.kind === "number" && column.kind === "number") {
    const span = spanOf(first);
    for (let row = 0; row < rows; row++) into[row * width + from] = (column.values[row]! - first.low) / span;
    return;
  }
  if (column.kind !== "text") throw new Error("a column of texts became one of numbers");
  if (first?.kind === "kept") {
    const places = column.categories.map((text) => first.texts.indexOf(text));
    for (let row = 0; row < rows; row++) into[row * width + from] = places[column.codes[row]!] ?? 0;
    return;
  }
  const places = column.categories.map((text) => own.findIndex((feature) => feature.kind === "text" && feature.text === text));
  for (let row = 0; row < rows; row++) {
    const place = places[column.codes[row]!] ?? -1;
    if (place >= 0) into[row * width + from + place] = 1;
  }
}

interface Part {
  readonly rows: number;
  readonly width: number;
  readonly from: number;
  readonly ranges: Ranges;
}

function columnFrom(values: Float32Array, { rows, width, from, ranges }: Part, own: readonly Feature[]): Column {
  const [first] = own;
  if (first?.kind === "number") {
    const span = spanOf(first);
    const [least, most] = rangeOf(first, ranges);
    const numbers = Float64Array.from({ length: rows }, (_, row) => {
      const made = Math.min(most, Math.max(least, first.low + values[row * width + from]! * span));
      return first.whole ? Math.round(made) : made;
    });
    return { kind: "number", values: numbers };
  }
  if (first?.kind === "kept")
    return { kind: "text", codes: Int32Array.from({ length: rows }, (_, row) => values[row * width + from]!), categories: first.texts };
  const codes = Int32Array.from({ length: rows }, (_, row) => strongest(values, row * width + from, own.length));
  return { kind: "text", codes, categories: own.map((feature) => (feature.kind === "text" ? feature.text : "")) };
}

function strongest(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let at = 1; at < count; at++) if (values[from + at]! > values[from + best]!) best = at;
  return best;
}
