import type { RowShape } from "../../../data/index.ts";
import type { Feature, Space } from "../space/space.ts";
import { spanOf } from "../space/tables.ts";

/** A column of numbers, one feature of a point. */
export interface NumberOf {
  readonly kind: "number";
  readonly name: string;
  /** Its feature's place. */
  readonly at: number;
  readonly low: number;
  readonly span: number;
  readonly whole: boolean;
  /** What a value may differ by from what it was before float32 had it. */
  readonly grain: number;
  /** What it can reach in the space. */
  readonly least: number;
  readonly most: number;
}

/** A column of texts: a feature for each, or one that is kept. */
export interface TextOf {
  readonly kind: "text" | "kept";
  readonly name: string;
  /** The place of its first feature. */
  readonly at: number;
  readonly texts: readonly string[];
}

/**
 * The rows behind a space's points: for each column its number, or the place of its text. A row is what `Space.tableOf` makes of the point, as numbers in an array.
 */
export interface Rows {
  readonly columns: readonly (NumberOf | TextOf)[];
  /** Where each column of rules stands. */
  readonly shape: RowShape;
  indexOf(name: string): number;
  read(point: Float32Array, into?: Float64Array): Float64Array;
  write(row: ArrayLike<number>, into: Float32Array): Float32Array;
}

/** float32 holds whole numbers over a span below this apart, and a rounding brings them back. */
const exactSpan = 2 ** 22;

/** Throws for a space of pictures. */
export function rowsOfSpace({ features, box }: Space): Rows {
  const columns: (NumberOf | TextOf)[] = [];
  features.forEach((feature, at) => {
    if (feature.kind === "number") columns.push(numberOf(feature, at, box));
    else if (feature.kind === "kept") columns.push({ kind: "kept", name: feature.column, at, texts: feature.texts });
    else if (feature.kind === "pixel") throw new Error("pictures have no rows");
    else if (features[at - 1]?.column !== feature.column) columns.push(textsFrom(features, at));
  });
  const places = new Map(columns.map(({ name }, index) => [name, index]));
  const indexOf = (name: string) => places.get(name) ?? -1;
  return {
    columns,
    indexOf,
    shape: {
      indexOf,
      codeOf(name, text) {
        const column = columns[indexOf(name)];
        return column === undefined || column.kind === "number" ? -1 : column.texts.indexOf(text);
      },
      grainOf(name) {
        const column = columns[indexOf(name)];
        return column?.kind === "number" ? column.grain : 0;
      },
    },
    read(point, into = new Float64Array(columns.length)) {
      for (let index = 0; index < columns.length; index++) into[index] = valueIn(point, columns[index]!);
      return into;
    },
    write(row, into) {
      for (let index = 0; index < columns.length; index++) put(into, columns[index]!, row[index]!);
      return into;
    },
  };
}

function numberOf(feature: Feature & { kind: "number" }, at: number, { lows, highs }: Space["box"]): NumberOf {
  const { column, low, whole } = feature;
  const span = spanOf(feature);
  const reach = Math.max(Math.abs(lows[at]!), Math.abs(highs[at]!), 1);
  const isExact = whole && span * reach < exactSpan;
  const bound = (share: number) => (isExact ? Math.round(low + share * span) : low + share * span);
  return {
    kind: "number",
    name: column,
    at,
    low,
    span,
    whole,
    grain: isExact ? 0 : span * reach * 2 ** -23,
    least: bound(lows[at]!),
    most: bound(highs[at]!),
  };
}

function textsFrom(features: readonly Feature[], at: number): TextOf {
  const name = features[at]?.column ?? "";
  const own = features.flatMap((feature) => (feature.kind === "text" && feature.column === name ? [feature.text] : []));
  return { kind: "text", name, at, texts: own };
}

function valueIn(point: Float32Array, column: NumberOf | TextOf): number {
  const { at } = column;
  if (column.kind !== "number") return column.kind === "kept" ? point[at]! : strongest(point, at, column.texts.length);
  const value = Math.min(column.most, Math.max(column.least, column.low + point[at]! * column.span));
  return column.whole ? Math.round(value) : value;
}

/** Of the features that stand for a column's texts, the greatest; the first of several. */
function strongest(point: Float32Array, at: number, count: number): number {
  let best = 0;
  for (let each = 1; each < count; each++) if (point[at + each]! > point[at + best]!) best = each;
  return best;
}

function put(point: Float32Array, column: NumberOf | TextOf, value: number): void {
  const { at } = column;
  if (column.kind === "number") point[at] = (value - column.low) / column.span;
  else if (column.kind === "kept") point[at] = value;
  else for (let each = 0; each < column.texts.length; each++) point[at + each] = Number(each === value);
}
