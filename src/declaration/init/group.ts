import { posix } from "node:path";
import { type SplitName, splitNames, tableFormat, withoutEnding } from "../../data/index.ts";
import { withoutPictureEnding } from "./pictures.ts";

/** Tables that seem to be splits of one dataset. */
export interface Group {
  /** What their names have in common; may be empty. */
  readonly name: string;
  readonly splits: { readonly [name in SplitName]?: string };
  /** A table whose name tells nothing of its use stands as `train`. */
  readonly guessed: boolean;
  /** Other files of the same split, or the whole beside its parts. */
  readonly beside: readonly string[];
}

const words: Readonly<Record<SplitName, readonly string[]>> = {
  train: ["train", "training", "trn", "tr"],
  evaluation: ["valid", "validation", "val", "eval", "evaluation", "dev"],
  test: ["test", "testing", "tst", "holdout", "heldout", "t10k"],
};

const splitOf = (word: string): SplitName | undefined => splitNames.find((name) => words[name].includes(word.toLowerCase()));

interface Named {
  readonly path: string;
  /** Folder and name without the word that tells the split. */
  readonly key: string;
  readonly name: string;
  readonly split: SplitName | undefined;
}

/** Reads the split from the first or last word of a file's name, else from the folder that it lies in. */
function parse(path: string): Named {
  const named = /^part[^/]*\*/i.test(posix.basename(path)) ? posix.dirname(path) : path; // parts are called after their folder
  const folder = posix.dirname(named);
  const stem = withoutPictureEnding(withoutEnding(posix.basename(named))).replace(/[-_.]?\*.*$/, "");
  const parts = stem.split(/[-_. ]+/).filter(Boolean);
  for (const at of [parts.length - 1, 0]) {
    const split = splitOf(parts[at] ?? "");
    if (split === undefined) continue;
    const rest = parts.filter((_, index) => index !== at).join("-");
    return { path, key: `${folder}/${rest}`, name: rest || nameOfFolder(folder), split };
  }
  const split = splitOf(posix.basename(folder));
  if (split === undefined) return { path, key: `${folder}/${stem}`, name: stem, split };
  return { path, key: `${posix.dirname(folder)}/*/${stem}`, name: stem, split };
}

const nameOfFolder = (folder: string) => (folder === "." || posix.basename(folder) === "data" ? "" : posix.basename(folder));

/** Puts tables together whose names differ by the word for a split alone. */
export function groupTables(paths: readonly string[]): Group[] {
  return [...Map.groupBy(paths.map(parse), ({ key }) => key).values()].map((members) => {
    const [first] = members;
    const named = members.filter(({ split }) => split !== undefined);
    const guessed = named.length === 0;
    const splits: { [name in SplitName]?: string } = {};
    const beside: string[] = [];
    for (const { path, split = "train" } of preferred(guessed ? members : named)) {
      if (splits[split] === undefined) splits[split] = path;
      else beside.push(path);
    }
    if (!guessed) beside.push(...members.filter(({ split }) => split === undefined).map(({ path }) => path));
    return { name: first?.name ?? "", splits, guessed, beside };
  });
}

/** Parquet first: it says what its columns are. */
const preferred = (members: readonly Named[]) => members.toSorted((a, b) => Number(isParquet(b.path)) - Number(isParquet(a.path)));
const isParquet = (path: string) => tableFormat(path) === "parquet";
