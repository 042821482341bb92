import type { Column, ImageColumn, Table } from "./table.ts";

/** These rows of a table, in this order; a row may stand in it more than once. */
export const selectRows = (table: Table, rows: Int32Array): Table =>
  derived(table, rows.length, {
    column: (column) =>
      column.kind === "number"
        ? { kind: "number", values: Float64Array.from(rows, (row) => column.values[row]!) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) },
    image: (image) => imagesAt(image, (at) => rows[at]!),
  });

/** `count` rows from `start` on, without copying. */
export const sliceRows = (table: Table, start: number, count: number): Table =>
  derived(table, count, {
    column: (column) =>
      column.kind === "number"
        ? { kind: "number", values: column.values.subarray(start, start + count) }
        : { ...column, codes: column.codes.subarray(start, start + count) },
    image: (image) => imagesAt(image, (at) => start + at),
  });

const imagesAt = (image: ImageColumn, rowOf: (at: number) => number): ImageColumn => ({
  ...image,
  read: (wanted) => image.read(wanted.map(rowOf)),
  resized: (to) => imagesAt(image.resized(to), rowOf),
});

function derived(
  { columns, images }: Table,
  rows: number,
  each: { column(column: Column): Column; image(image: ImageColumn): ImageColumn },
): Table {
  const made = { rows, columns: mapped(columns, each.column) };
  return images === undefined ? made : { ...made, images: mapped(images, each.image) };
}

/** Without a prototype, as tables are. */
function mapped<T>(record: { readonly [name: string]: T }, make: (value: T) => T): { readonly [name: string]: T } {
  const entries = Object.entries(record).map(([name, value]) => [name, make(value)] as const);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
