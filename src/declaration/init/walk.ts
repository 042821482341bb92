import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { namedTables } from "./parts.ts";
import { namedPictures } from "./pictures.ts";
import { recordFiles } from "./records.ts";

/** What lies in a folder, by what it seems to be. Paths are relative, with forward slashes, sorted. */
export interface Lying {
  /** As a declaration names them: files, and patterns or folders of files that are parts of one table. */
  readonly tables: readonly string[];
  /** Folders of folders of pictures, and IDX files of pictures beside one of labels. */
  readonly pictures: readonly string[];
  readonly models: readonly string[];
  readonly lockfiles: readonly string[];
  /** What may be a model of another format, by its name. */
  readonly foreign: readonly string[];
  /** Tables that are packed in a way that is not read, and spreadsheets. */
  readonly packed: readonly string[];
  /** Whether the folder was too large to look at all of it. */
  readonly cut: boolean;
}

const mostDepth = 6;
const mostEntries = 20_000;
const skipped = new Set(["node_modules", "venv", "env", "__pycache__", "site-packages", "target", "vendor"]);

const lockfiles = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "requirements.txt",
  "poetry.lock",
  "uv.lock",
  "pdm.lock",
  "Pipfile.lock",
  "Cargo.lock",
  "go.sum",
  "pom.xml",
  "gradle.lockfile",
  "Gemfile.lock",
  "composer.lock",
  "renv.lock",
]);

/** Of files that seldom are anything but a table; notes end in .txt too, and settings in .json, but they are seldom packed. */
const tableEndings = /\.((csv|tsv|tab|parquet|pq|jsonl|ndjson|arrow|arrows|feather|npz)(\.(gz|zst|zstd))?|json\.(gz|zst|zstd))$/i;
const jsonEndings = /\.json$/i;
const modelEndings = /\.onnx$/i;
const foreignEndings =
  /\.(pkl|pickle|sav|joblib(\.\w+)?|skops|pt|pth|ckpt|h5|hdf5|keras|pb|tflite|safetensors|mlmodel|cbm|cb|ubj|xgb|lgb|rds|rda|rdata|pmml|mojo|json|txt|model|bst|bin|zip)$|(^|\/)MLmodel$/i;
const packedEndings = /\.((csv|tsv|jsonl|parquet)\.(bz2|xz|zip)|xlsx?|xlsm|xlsb|ods)$/i;

/** Looks through a folder, at most so deep and so many entries; hidden folders, those of package managers and links are passed over. */
export async function walk(root: string): Promise<Lying> {
  const files: string[] = [];
  const open: { readonly folder: string; readonly depth: number }[] = [{ folder: "", depth: 0 }];
  let entries = 0;
  let cut = false;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const found = await readdir(join(root, next.folder), { withFileTypes: true }).catch(() => []);
    for (const entry of found) {
      if (entry.name.startsWith(".")) continue;
      if (++entries > mostEntries) return sorted(root, files, true);
      const path = posix.join(next.folder, entry.name);
      if (entry.isFile()) files.push(path);
      if (!entry.isDirectory() || skipped.has(entry.name)) continue;
      if (next.depth < mostDepth) open.push({ folder: path, depth: next.depth + 1 });
      else cut = true;
    }
  }
  return sorted(root, files, cut);
}

async function sorted(root: string, files: readonly string[], cut: boolean): Promise<Lying> {
  const like = (pattern: RegExp) => files.filter((path) => pattern.test(path)).sort();
  const records = await recordFiles(
    root,
    like(jsonEndings).filter((path) => !lockfiles.has(posix.basename(path))),
  );
  return {
    tables: namedTables([...like(tableEndings), ...records].sort().filter((path) => !/(^|\/)_/.test(path))),
    pictures: namedPictures(files),
    models: like(modelEndings),
    lockfiles: files.filter((path) => lockfiles.has(posix.basename(path))).sort(),
    foreign: like(foreignEndings),
    packed: like(packedEndings),
    cut,
  };
}
