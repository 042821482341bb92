import { readdir, stat } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import { type Place, Problem, quoted } from "../base/index.ts";
import { pathsOf, type ReadHints, type TableFormat, type TableSource, tableEndings, tableFormat } from "../data/index.ts";
import { locate } from "./paths.ts";
import { patternOf } from "./pattern.ts";
import type { DatasetDeclaration } from "./schema.ts";

/** A table as a declaration names it: a file, a pattern or a folder of files, or arrays by the columns that they become. */
export type NamedTable = string | { readonly arrays: { readonly [column: string]: string } };

/** Whether a split is a table, and no arrays of pictures. */
export const isTable = (named: unknown): named is NamedTable =>
  (typeof named === "string" && named !== "") ||
  (typeof named === "object" && named !== null && "arrays" in named && isTexts(named.arrays));

const isTexts = (named: unknown) =>
  typeof named === "object" && named !== null && Object.values(named).every((text) => typeof text === "string");

/** Where a table that is declared lies. */
export type LocatedTable = Pick<TableSource, "path" | "format" | "files" | "arrays">;

const mostFiles = 10_000;
const mostEntries = 100_000;
const mostDepth = 12;

/** For messages: the path of what is declared, or of its first array's file. */
export const nameOfTable = (named: NamedTable): string =>
  typeof named === "string" ? named : (Object.values(named.arrays)[0]?.split("#")[0] ?? "");

/** Finds the files of a table; every one of them must lie inside `root`. Throws Problems of `locate`, and DECLARATION_VALUE where what is there is no table. */
export async function locateTable(root: string, named: NamedTable, place: Place): Promise<LocatedTable> {
  if (typeof named !== "string") return locateArrays(root, named.arrays, place);
  const kind = await kindOf(resolve(root, named));
  if (kind === "folder") return locateFiles(root, named, () => true, named, place);
  if (kind === null && /[*?[{]/.test(named)) return locatePattern(root, named, place);
  const format = posix.extname(named) === "" ? undefined : formatOf(named, place);
  const path = await locate(root, named, "file", place);
  return { path, format: format ?? formatOf(named, place) };
}

/** Every file that a declared table is made of; none where it cannot be found. */
export const filesOfTable = (root: string, named: unknown): Promise<string[]> =>
  isTable(named) ? locateTable(root, named, {}).then(pathsOf, () => []) : Promise.resolve([]);

/** A table as its dataset's declaration reads it. */
export const sourceOf = (
  { missing, trim, read }: Pick<DatasetDeclaration, "missing" | "trim" | "read">,
  located: LocatedTable,
): TableSource => ({
  ...located,
  ...(missing === undefined ? {} : { missing: missing.map(String) }),
  ...(trim === undefined ? {} : { trim }),
  ...(read === undefined ? {} : { read: withoutUndefined(read) }),
});

/** What is not declared is not there, whatever the schema's reader left in its place. */
const withoutUndefined = (read: NonNullable<DatasetDeclaration["read"]>): ReadHints =>
  Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));

const kindOf = (path: string): Promise<"file" | "folder" | null> =>
  stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => null,
  );

/** The folders before the first sign of a pattern stand for themselves. */
async function locatePattern(root: string, named: string, place: Place): Promise<LocatedTable> {
  const folders = named.split("/");
  const fixed = folders.slice(
    0,
    folders.findIndex((folder) => /[*?[{]/.test(folder)),
  );
  const matches = patternOf(folders.slice(fixed.length).join("/"));
  if (matches === null) throw tooManifold(named, place);
  return locateFiles(root, fixed.join("/") || ".", matches, named, place);
}

async function locateFiles(
  root: string,
  folder: string,
  matches: (name: string) => boolean,
  named: string,
  place: Place,
): Promise<LocatedTable> {
  const path = await locate(root, folder, "folder", place);
  const files = (await filesIn(path, named, place)).filter((name) => tableFormat(name) !== undefined && matches(name)).sort();
  const [first] = files;
  if (first === undefined) throw noTable(named, place);
  const format = formatOf(first, place);
  const odd = files.find((name) => tableFormat(name) !== format);
  if (odd !== undefined) throw mixed(named, first, odd, place);
  if (files.length > mostFiles) throw tooMany(named, `${files.length} tables, and ${mostFiles} are read at most`, place);
  if (format === "numpy" && files.length > 1) throw severalArrays(named, first, place);
  for (const name of files) await locate(root, posix.join(folder.replaceAll("\\", "/"), name), "file", place);
  return { path, format, files };
}

/** Paths from the folder; what begins with a dot or an underscore is no data to Spark and its kin. */
async function filesIn(root: string, named: string, place: Place): Promise<string[]> {
  const files: string[] = [];
  const open = [{ folder: "", depth: 0 }];
  let entries = 0;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const entry of await readdir(join(root, next.folder), { withFileTypes: true }).catch(() => [])) {
      if (/^[._]/.test(entry.name)) continue;
      if (++entries > mostEntries) throw tooMany(named, `more than ${mostEntries} files and folders`, place);
      const path = posix.join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < mostDepth) open.push({ folder: path, depth: next.depth + 1 });
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
  }
  return files;
}

/** `x: data.npz#x_train`, `y: labels.npy`. */
async function locateArrays(root: string, named: { readonly [column: string]: string }, place: Place): Promise<LocatedTable> {
  const arrays: NonNullable<TableSource["arrays"]>[number][] = [];
  for (const [column, text] of Object.entries(named)) {
    const [file = "", array] = text.split("#");
    if (tableFormat(file) !== "numpy") throw noArray(text, place);
    await locate(root, file, "file", place);
    arrays.push({ column, file: posix.normalize(file.replaceAll("\\", "/")), ...(array === undefined ? {} : { array }) });
  }
  return { path: root, format: "numpy", arrays };
}

function formatOf(named: string, place: Place): TableFormat {
  const format = tableFormat(named);
  if (format !== undefined) return format;
  throw new Problem("DECLARATION_VALUE", `${quoted(named)} is not called like a table that is read`, {
    ...place,
    remedy: `Tables end in ${tableEndings.join(", ")}, packed ones also in .gz or .zst.`,
  });
}

const noTable = (named: string, place: Place) =>
  new Problem("ARTEFACT_MISSING", `there is no table in ${quoted(named)}`, {
    ...place,
    remedy: `Correct the path, or put the files there: they end in ${tableEndings.join(", ")}.`,
  });

const mixed = (named: string, first: string, odd: string, place: Place) =>
  new Problem("DECLARATION_VALUE", `${quoted(named)} holds tables of more than one format: ${quoted(first)} and ${quoted(odd)}`, {
    ...place,
    remedy: "Name the files of one table by a pattern: `data/*.parquet`.",
  });

const tooMany = (named: string, what: string, place: Place) =>
  new Problem("DECLARATION_VALUE", `${quoted(named)} holds ${what}`, {
    ...place,
    remedy: "Name a smaller folder, or fewer files by a pattern.",
  });

const tooManifold = (named: string, place: Place) =>
  new Problem(
    "DECLARATION_VALUE",
    `the braces of pattern ${quoted(named)} stand in each other, are left open, or stand for too many texts`,
    {
      ...place,
      remedy: "Name the files by `*`, or put them into a folder of their own and name that.",
    },
  );

const severalArrays = (named: string, first: string, place: Place) =>
  new Problem("DECLARATION_VALUE", `${quoted(named)} holds several files of arrays, and nothing tells how they stand together`, {
    ...place,
    remedy: `Name the arrays by their columns: \`{ arrays: { x: ${first} } }\`.`,
  });

const noArray = (named: string, place: Place) =>
  new Problem("DECLARATION_VALUE", `${quoted(named)} names no NumPy array`, {
    ...place,
    remedy: "Write a .npy file, or an .npz file and an array in it: `x: data.npz#x_train`.",
  });
