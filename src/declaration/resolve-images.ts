import { stat } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import { type Place, Problem, quoted } from "../base/index.ts";
import { type ColumnFacts, holdsPictures, type PictureSource, type TableSource, tableFormat } from "../data/index.ts";
import { locate } from "./paths.ts";
import type { Read } from "./read.ts";
import type { DatasetDeclaration } from "./schema.ts";
import { isTable, nameOfTable } from "./tables.ts";

type Named = NonNullable<DatasetDeclaration["splits"]["train"]>;
type ArrayFile = Extract<Named, { images: unknown }>["images"];

/** The file or folder that stands for a split in messages. */
export const nameOfSplit = (named: Named): string => (isTable(named) ? nameOfTable(named) : fileOf(named.images));

/** What the label is called where folders or arrays hold it, and nobody named it. */
const usualLabel = "label";
const usualColumn = "image";

/** Folders and arrays hold a label whether or not it was named. */
export async function withUsualLabel(declared: DatasetDeclaration, { root }: Read): Promise<DatasetDeclaration> {
  if (declared.label !== undefined) return declared;
  for (const named of Object.values(declared.splits)) {
    if (named === undefined) continue;
    if (typeof named !== "string" && isTable(named)) continue;
    if (typeof named !== "string") return named.labels === undefined ? declared : { ...declared, label: usualLabel };
    const path = await locate(root, named, "file or folder", {}).catch(() => null);
    if (path !== null && (await stat(path)).isDirectory() && (declared.images !== undefined || (await holdsPictures(path))))
      return { ...declared, label: usualLabel };
  }
  return declared;
}

/** What was found of a split's pictures goes along with them: nobody looks through them again. */
export function withPictureFacts(source: TableSource, columns: readonly ColumnFacts[]): TableSource {
  const { pictures } = source;
  const facts = columns.find(({ name }) => name === pictures?.column)?.picture;
  return pictures === undefined || facts === undefined ? source : { ...source, pictures: { ...pictures, facts } };
}

/** A split that holds pictures, as it is opened; null for a table without them. */
export async function pictureSource(
  declared: Pick<DatasetDeclaration, "images" | "label" | "missing" | "trim">,
  named: Named,
  read: Pick<Read, "root" | "place">,
  place: Place,
): Promise<TableSource | null> {
  const { images = {} } = declared;
  const common = { ...(images.channels && { channels: images.channels }), ...(images.turned && { turned: true }) };
  const label = declared.label ?? usualLabel;
  const made = (path: string, column: string, from: PictureSource["from"]): TableSource => ({
    path,
    format: "images",
    pictures: { column, from, ...common },
  });
  if (typeof named !== "string" && isTable(named)) return null;
  if (typeof named !== "string") {
    const path = await locate(read.root, fileOf(named.images), "file", place);
    const labels = named.labels === undefined ? undefined : await locate(read.root, fileOf(named.labels), "file", place);
    return made(path, usualColumn, {
      kind: "arrays",
      label,
      ...arrayOf(named.images),
      ...(labels !== undefined && named.labels !== undefined && { labels: { file: way(path, labels), ...arrayOf(named.labels) } }),
      ...(images.layout && { layout: images.layout === "NCHW" ? "CHW" : "HWC" }),
      ...(images.size && { size: { height: images.size[0], width: images.size[1] } }),
      ...(images.names && { names: images.names.map(String) }),
    });
  }
  const path = await locate(read.root, named, "file or folder", place).catch(() => null); // a pattern, or missing: the table's own Problem
  if (path === null) return null;
  if ((await stat(path)).isDirectory()) {
    if (declared.images === undefined && !(await holdsPictures(path))) return null;
    return made(path, usualColumn, { kind: "folders", label });
  }
  if (declared.images === undefined) return null;
  if (images.column === undefined) throw noColumn(named, read.place([]));
  const folder = images.folder === undefined ? dirname(path) : await locate(read.root, images.folder, "folder", place);
  const source = made(path, images.column, { kind: "index", format: tableFormat(named) ?? "csv", folder: way(path, folder) });
  return {
    ...source,
    ...(declared.missing && { missing: declared.missing.map(String) }),
    ...(declared.trim && { trim: declared.trim }),
  };
}

const fileOf = (named: ArrayFile) => (typeof named === "string" ? named : named.file);
const arrayOf = (named: ArrayFile) => (typeof named === "string" ? {} : { array: named.array });

/** From the folder of one path to another, with forward slashes: where a project lies is no part of how it is read. */
const way = (from: string, to: string) => relative(dirname(from), to).split(sep).join("/") || ".";

const noColumn = (named: string, place: Place) =>
  new Problem("DECLARATION_KEY_MISSING", `${quoted(named)} is a table, and its column of pictures is not named`, {
    ...place,
    remedy: "Name it: `images: { column: file }`; and the folder that its names start from, where that is another one: `folder: images`.",
  });
