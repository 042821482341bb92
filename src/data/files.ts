import { join, posix, relative, sep } from "node:path";
import { type Digest, digestOfJson, Problem, quoted } from "../base/index.ts";
import { besidePath } from "./images/types.ts";
import type { Reading, TableSource } from "./table.ts";

/** A file of a table, and what the folders that it lies in say of its rows. */
export interface TableFile {
  /** From the table's folder, with forward slashes; empty for a table of one file. */
  readonly name: string;
  readonly path: string;
  /** Of folders called `key=value`, outermost first; null where a key has no value. */
  readonly keys: readonly { readonly name: string; readonly value: string | null }[];
}

/** Every file that a table is made of, absolute, and the folder of its pictures; more than one array may lie in a file. */
export const pathsOf = ({ path, files, arrays, pictures }: TableSource): string[] => [
  ...new Set((files ?? arrays?.map(({ file }) => file))?.map((name) => join(path, name)) ?? [path, ...besidePath(path, pictures)]),
];

/** Of a table of one file: the file's own; else of all files' names and contents. */
export async function tableDigest(source: TableSource, digest: (path: string) => Promise<Digest>): Promise<Digest> {
  const { path, files, arrays } = source;
  if (files === undefined && arrays === undefined && pathsOf(source).length === 1) return digest(path);
  const digests: (readonly [string, Digest])[] = [];
  for (const each of pathsOf(source)) digests.push([posix.join(...relative(path, each).split(sep)), await digest(each)]);
  return digestOfJson(digests);
}

/** The files of a table in the order of their rows. All must lie in folders of the same keys. */
export function filesOf({ path, files }: TableSource): TableFile[] {
  if (files === undefined) return [{ name: "", path, keys: [] }];
  const found = files.map((name): TableFile => ({ name, path: join(path, name), keys: keysOf(name) }));
  const names = ({ keys }: TableFile) => keys.map(({ name }) => name).join("/");
  const [first] = found;
  const odd = found.find((file) => first !== undefined && names(file) !== names(first));
  if (first === undefined || odd === undefined) return found;
  throw new Problem("TABLE_COLUMNS_DIFFER", `the folders of ${quoted(odd.name)} give other columns than those of ${quoted(first.name)}`, {
    file: odd.path,
    remedy: "Put all files of the table at the same depth, in folders of the same keys (`year=2024/month=01`).",
  });
}

/** As Hive, Spark and pyarrow write them: `=` and the like escaped with percent signs, and a name of its own for no value. */
function keysOf(name: string): TableFile["keys"] {
  return name
    .split("/")
    .slice(0, -1)
    .flatMap((folder) => {
      const [, key = "", value = ""] = /^([^=]+)=(.*)$/.exec(folder) ?? [];
      return key === ""
        ? []
        : [{ name: unescaped(key), value: value === "" || value === "__HIVE_DEFAULT_PARTITION__" ? null : unescaped(value) }];
    });
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The file that a row of the table lies in, and its place there; null for a table of one file. */
export function placeOfRow({ files }: Pick<Reading, "files">, row: number): { readonly file: string; readonly row: number } | null {
  let before = 0;
  for (const { name, rows } of files ?? []) {
    if (row < before + rows) return { file: name, row: row - before };
    before += rows;
  }
  return null;
}
