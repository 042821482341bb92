import { Problem, quoted } from "../../base/index.ts";
import type { Engine, EngineLimits } from "../engine.ts";
import type { Column, TableSource } from "../table.ts";
import { classPictures } from "./folder.ts";
import { arrayPictures, filePictures, openAnyArray, type Pictures } from "./pictures.ts";
import { type ArrayPictures, besides, type PictureSource } from "./types.ts";
import { written } from "./written.ts";

/** A split of pictures, opened: a table (`index`) of all but the pictures, and the pictures. */
export interface Opened {
  readonly source: PictureSource;
  readonly index: TableSource;
  readonly pictures: Pictures;
}

/** Opens what a source says; of folders and arrays the index is made here. */
export async function openPictures(source: TableSource, pictures: PictureSource, tables: Engine, limits: EngineLimits): Promise<Opened> {
  const { path } = source;
  const { from, column, turned = false } = pictures;
  const reading = { ...(source.missing && { missing: source.missing }), ...(source.trim && { trim: source.trim }) };
  if (from.kind === "folders") {
    const found = await classPictures(path);
    const index = await written([[column, from.label], ...found.map(({ name, label }) => [name, label])], limits);
    return {
      source: pictures,
      index,
      pictures: filePictures(
        path,
        found.map(({ name }) => name),
        turned,
      ),
    };
  }
  if (from.kind === "index") {
    const index: TableSource = { path, format: from.format, ...reading };
    const named = (await tables.read(index, [column], { kinds: { [column]: "text" } })).columns[column];
    return { source: pictures, index, pictures: filePictures(besides(path, from.folder), namesOf(named, column, path), turned) };
  }
  const opened = await arrayPictures(path, from, limits);
  try {
    const labels = from.labels === undefined ? null : await labelsOf(besides(path, from.labels.file), from, limits);
    if (labels !== null && labels.length !== opened.rows) throw unequal(path, opened.rows, labels.length);
    const head = labels === null ? [column] : [column, from.label];
    const rows = Array.from({ length: opened.rows }, (_, at) => [`picture ${at}`, ...(labels === null ? [] : [labels[at] ?? ""])]);
    return { source: pictures, index: await written([head, ...rows], limits), pictures: opened };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

function namesOf(named: Column | undefined, column: string, file: string): string[] {
  if (named?.kind !== "text") throw new Error("names are read as text");
  const empty = named.codes.indexOf(-1);
  if (empty < 0) return Array.from(named.codes, (code) => named.categories[code] ?? "");
  throw new Problem("IMAGE_MISSING", `column ${quoted(column)} names no picture`, {
    file,
    at: `row ${empty}`,
    remedy: "Fill in the picture's path, or leave the row out.",
  });
}

const unequal = (file: string, pictures: number, labels: number) =>
  new Problem("TABLE_ARRAY", `there are ${pictures} pictures and ${labels} labels`, {
    file,
    remedy: "Write the pair again, a label for each picture.",
  });

/** Whole numbers or texts, as texts; with names declared, the names. */
async function labelsOf(path: string, { labels, names }: ArrayPictures, { spillFolder }: EngineLimits): Promise<string[]> {
  await using stored = await openAnyArray(path, labels?.array, spillFolder);
  const [rows = 0, ...rest] = stored.shape;
  if (rest.some((axis) => axis !== 1)) {
    throw new Problem("TABLE_ARRAY", `labels of ${stored.shape.join(" x ")} are more than one for each picture`, {
      file: path,
      remedy: "Store one label for each picture: of one-hot labels the place of the one.",
    });
  }
  const found = Array.from((await stored.read(0, rows)) as ArrayLike<number | bigint | string | null>, (value) =>
    value === null ? "" : String(value),
  );
  if (names === undefined) return found;
  return found.map((value, row) => {
    const name = names[Number(value)];
    if (name !== undefined) return name;
    throw new Problem("LABEL_UNKNOWN", `label ${quoted(value)} is beyond the ${names.length} names that are declared`, {
      file: path,
      at: `row ${row}`,
      remedy: "Name every class under `images: { names: [...] }`, that of label 0 first.",
    });
  });
}
