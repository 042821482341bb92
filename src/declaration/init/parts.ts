import { posix } from "node:path";
import { tableFormat } from "../../data/index.ts";

/** Files that are written as parts of one table: `part-00000-2f3c.snappy.parquet`, `train-00001-of-00004.jsonl.gz`, `rows-007.csv`. Four digits may be a year. */
const numbered = /^(?:(part)[-_.]?\d+.*|(.+?)[-_.](?:0\d\d|\d{5,}|\d+-of-\d+))$/i;

/** Tables as a declaration names them: files that are parts of one table stand together, as a pattern, or as the folder of their `key=value` folders. */
export function namedTables(files: readonly string[]): string[] {
  const groups = Map.groupBy(files, (path) => folderOfKeys(path) ?? patternOf(path) ?? path);
  return [...groups].flatMap(([named, members]) => (isPattern(named) && members.length === 1 ? members : [named])).sort();
}

const isPattern = (named: string) => named.includes("*");

/** The folder in which folders called `year=2024` begin; null where there is none. */
function folderOfKeys(path: string): string | null {
  const folders = path.split("/").slice(0, -1);
  const at = folders.findIndex((folder) => /^[^=]+=/.test(folder));
  return at < 0 || tableFormat(path) === undefined ? null : folders.slice(0, at).join("/") || ".";
}

function patternOf(path: string): string | null {
  const name = posix.basename(path);
  const dot = /(\.(snappy|zstd|gz|lz4|c\d+))*\.[a-z]+(\.(gz|zst|zstd))?$/i.exec(name);
  const [, part, stem] = numbered.exec(name.slice(0, dot?.index)) ?? [];
  const start = part === undefined ? stem : `${name.slice(0, part.length)}`;
  if (start === undefined || /[*?[\]{}]/.test(path)) return null;
  const mark = name.charAt(start.length);
  return posix.join(posix.dirname(path), `${start}${/[-_.]/.test(mark) ? mark : ""}*${name.slice(dot?.index)}`);
}
