import { posix } from "node:path";
import type { TableSource } from "../../data/index.ts";
import { locate } from "../paths.ts";
import { pictureSource } from "../resolve-images.ts";
import { type LocatedTable, locateTable } from "../tables.ts";

const pictureEnding = /\.(jpe?g|png|webp)$/i;
const idxPictures = /images([-.])idx3([-.]ubyte)?(\.gz)?$/i;

/** The file of labels that belongs to an IDX file of pictures, by their names. */
const labelsOf = (path: string) => path.replace(idxPictures, (name) => name.replace(/images/i, "labels").replace(/idx3/i, "idx1"));

/** Splits of pictures among a folder's files: folders that hold at least two folders of pictures, and pairs of IDX files. */
export function namedPictures(files: readonly string[]): string[] {
  const known = new Set(files);
  const pairs = files.filter((path) => idxPictures.test(path) && known.has(labelsOf(path)));
  const classes = new Map<string, Set<string>>();
  for (const path of files.filter((each) => pictureEnding.test(each))) {
    const folder = posix.dirname(path);
    const above = posix.dirname(folder);
    if (above !== ".") classes.set(above, (classes.get(above) ?? new Set()).add(folder));
  }
  const folders = [...classes].filter(([, inside]) => inside.size >= 2).map(([folder]) => folder);
  const outermost = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  return [...pairs, ...outermost].sort();
}

/** Where a table or a split of pictures lies. */
export async function locateSplit(root: string, path: string): Promise<LocatedTable & Pick<TableSource, "pictures">> {
  const named = idxPictures.test(path) ? { images: path, labels: labelsOf(path) } : path;
  const isFolder = await locate(root, path, "folder", {}).then(
    () => true,
    () => false,
  );
  const pictures = typeof named !== "string" || isFolder ? await pictureSource({}, named, { root, place: () => ({}) }, {}) : null;
  return pictures ?? locateTable(root, path, {});
}

/** The same as it is declared, where a path alone does not do; null where it does. */
export const declaredPair = (path: string): { readonly images: string; readonly labels: string } | null =>
  idxPictures.test(path) ? { images: path, labels: labelsOf(path) } : null;

/** A file's name without what tells that it is one of pictures. */
export const withoutPictureEnding = (name: string): string => name.replace(idxPictures, "").replace(/[-_.]$/, "");
