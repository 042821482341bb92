import { stat } from "node:fs/promises";
import type { Columns, Engine, EngineLimits, ReadOptions } from "../engine.ts";
import type { ColumnFacts, ImageColumn, Table, TableFacts, TableSource } from "../table.ts";
import { imageColumn } from "./column.ts";
import { withDigests } from "./compare.ts";
import { type Opened, openPictures } from "./open.ts";
import { type Survey, survey } from "./pictures.ts";
import type { PictureFacts } from "./types.ts";

export { pngOf, throughJpeg } from "./decode.ts";
export { digestOfFolder, holdsPictures, stampsIn } from "./folder.ts";
export { stretched } from "./resample.ts";

/**
 * An engine for tables that have a column of pictures as well: those are opened here, the rest of the table by `tables`. Rows with equal pictures are rows whose
 * decoded pixels are equal. Decoding is native: open it in an isolated process.
 */
export function withPictures(tables: Engine, limits: EngineLimits): Engine {
  const known = new Map<string, Promise<Opened>>();
  const looks = new WeakMap<Opened, Promise<Survey>>();
  const compared = new WeakMap<Opened, Map<string, Promise<TableSource>>>();

  const open = async (source: TableSource): Promise<Opened | null> => {
    if (source.pictures === undefined) return null;
    const { size, mtimeMs } = await stat(source.path).catch(() => ({ size: 0, mtimeMs: 0 }));
    const key = JSON.stringify([source, size, mtimeMs]);
    const found = known.get(key) ?? openPictures(source, source.pictures, tables, limits);
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  };

  const look = (opened: Opened): Promise<Survey> => {
    const found = looks.get(opened) ?? survey(opened.pictures, opened.source);
    looks.set(opened, found);
    return found;
  };

  /** The table with a digest in the place of each picture: what is asked of rows as a whole is asked of that. */
  const comparable = async (source: TableSource, columns: Columns): Promise<TableSource> => {
    const opened = await open(source);
    if (opened === null) return source;
    const { column } = opened.source;
    if (columns !== "all" && !columns.includes(column)) return opened.index;
    const made = compared.get(opened) ?? new Map<string, Promise<TableSource>>();
    compared.set(opened, made);
    const key = JSON.stringify(columns);
    const found = made.get(key) ?? withDigests(opened, (await look(opened)).digests, columns, tables, limits);
    made.set(key, found);
    return found;
  };

  const describe = async (source: TableSource): Promise<TableFacts> => {
    const opened = await open(source);
    if (opened === null) return tables.describe(source);
    const { facts, digests, notes } = await look(opened);
    const found = await tables.describe(opened.index);
    const shown = found.columns.map((column) => (column.name === opened.source.column ? pictureFacts(column, facts, digests) : column));
    return { ...found, columns: shown, reading: { format: "images", notes: [...notes, ...found.reading.notes] } };
  };

  /** The columns that are no pictures, and the pictures' own where it is asked for. */
  const split = async (opened: Opened, columns: Columns) => {
    const { column } = opened.source;
    const names = columns === "all" ? (await tables.describe(opened.index)).columns.map(({ name }) => name) : columns;
    const others = names.filter((name) => name !== column);
    if (!names.includes(column)) return { others, image: null };
    const facts = opened.source.facts ?? (await look(opened)).facts;
    return { others, image: { name: column, column: imageColumn(opened.pictures, facts) } };
  };

  const read = async (source: TableSource, columns: Columns, options?: ReadOptions): Promise<Table> => {
    const opened = await open(source);
    if (opened === null) return tables.read(source, columns, options);
    const { others, image } = await split(opened, columns);
    const rows = Math.min(opened.pictures.rows, options?.limit ?? opened.pictures.rows);
    const table = others.length === 0 ? { rows, columns: Object.create(null) } : await tables.read(opened.index, others, options);
    return image === null ? table : { ...table, images: alone(image.name, image.column) };
  };

  async function* stream(source: TableSource, columns: Columns, options: ReadOptions & { readonly batch: number }): AsyncGenerator<Table> {
    const opened = await open(source);
    if (opened === null) return yield* tables.stream(source, columns, options);
    const { others, image } = await split(opened, columns);
    const rows = Math.min(opened.pictures.rows, options.limit ?? opened.pictures.rows);
    const pieces = others.length === 0 ? bare(rows, options.batch) : tables.stream(opened.index, others, options);
    let start = 0;
    for await (const piece of pieces) {
      yield image === null ? piece : { ...piece, images: alone(image.name, shifted(image.column, start)) };
      start += piece.rows;
    }
  }

  const close = async () => {
    for (const opened of known.values()) await opened.then(({ pictures }) => pictures[Symbol.asyncDispose]()).catch(() => undefined);
    await tables.close();
  };
  return {
    describe,
    read,
    stream,
    countBy: async (source, columns) => tables.countBy(await comparable(source, columns), columns),
    overlap: async (a, b, columns, options) => tables.overlap(await comparable(a, columns), await comparable(b, columns), columns, options),
    async conflicts(sources, features, label, options) {
      const all = await Promise.all(sources.map((source) => comparable(source, [...features, label])));
      return tables.conflicts(all, features, label, options);
    },
    duplicates: async (source, columns, options) => tables.duplicates(await comparable(source, columns), columns, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const alone = (name: string, column: ImageColumn) => Object.assign(Object.create(null), { [name]: column });

function* bare(rows: number, batch: number): Generator<Table> {
  for (let start = 0; start < rows; start += batch) yield { rows: Math.min(batch, rows - start), columns: Object.create(null) };
}

const shifted = (column: ImageColumn, start: number): ImageColumn => ({
  ...column,
  read: (rows) => column.read(rows.map((row) => start + row)),
  resized: (to) => shifted(column.resized(to), start),
});

const pictureFacts = ({ name }: ColumnFacts, picture: PictureFacts, digests: readonly string[]): ColumnFacts => ({
  name,
  kind: "image",
  picture,
  missing: 0,
  distinct: new Set(digests).size,
});
