import { join, posix } from "node:path";
import { Problem, placeText, printable, problemsOf, quoted } from "../../base/index.ts";
import { insteadOf, type Reading, readingInFull, type SplitName, splitNames, type TableFacts } from "../../data/index.ts";
import { checkDataset } from "../columns.ts";
import { type Foreign, foreignSays } from "../foreign/index.ts";
import type { Found } from "../found.ts";
import type { Inspect } from "../inspect.ts";
import { locate } from "../paths.ts";
import { sourceOf } from "../tables.ts";
import { missingIn } from "./columns.ts";
import type { FoundModel } from "./fit.ts";
import type { Group } from "./group.ts";
import { locateSplit } from "./pictures.ts";

export interface FoundDataset {
  readonly id: string;
  readonly found: readonly Found[];
  /** Of the first split, without columns whose names are too long to be declared. */
  readonly facts: TableFacts;
  /** All columns of the first split. */
  readonly names: readonly string[];
  /** Nothing in the file's name told what it was used for. */
  readonly guessed: boolean;
  readonly missing: readonly string[];
}

export interface Looking {
  readonly root: string;
  readonly inspect: Inspect;
  /** For people: what was left out, and why. */
  readonly notes: string[];
}

/** Paths and column names beyond this cannot be declared. */
const mostPath = 1000;
const mostName = 300;

/** What can be declared; null after a note why it cannot. */
async function declarable<T>(path: string, notes: string[], find: () => Promise<T>): Promise<T | null> {
  if (path.length > mostPath) {
    notes.push(`Left out ${quoted(path)}: its path has more than ${mostPath} characters.`);
    return null;
  }
  return noting(path, notes, find);
}

async function noting<T>(path: string, notes: string[], find: () => Promise<T>): Promise<T | null> {
  try {
    return await find();
  } catch (error) {
    const [problem] = problemsOf(error);
    if (problem === undefined) throw error;
    const place = placeText(problem.place);
    const within = place.slice(Math.max(0, place.indexOf(path)));
    notes.push(
      `Left out ${quoted(path)}: ${within === path || within === "" ? "" : `${printable(within)}: `}${problem.message}. ${problem.remedy}`,
    );
    return null;
  }
}

interface Described {
  readonly name: SplitName;
  readonly path: string;
  readonly located: Awaited<ReturnType<typeof locateSplit>>;
  readonly facts: TableFacts;
  readonly names: readonly string[];
}

/** Looks at the files of a dataset; null when none of them can be read. Splits that do not fit the first are left out. */
export async function lookAtDataset(group: Group, id: string, looking: Looking): Promise<FoundDataset | null> {
  const plain = await describeAll(group, [], looking);
  const missing = [...new Set(plain.flatMap(({ facts }) => missingIn(facts)))];
  const described = missing.length === 0 ? plain : await describeAll(group, missing, looking);
  const found: Found[] = [];
  for (const split of described) {
    const each = asFound(split, id);
    const [problem] = checkDataset({ id, splits: {} }, [...found.slice(0, 1), each], () => ({}));
    if (problem === undefined) found.push(each);
    else looking.notes.push(`Left out ${quoted(split.path)}: ${problem.message}. ${problem.remedy}`);
  }
  const first = described.find(({ name }) => name === found[0]?.split.name);
  if (first === undefined) return null;
  for (const { path, facts } of described)
    if (isTold(facts.reading))
      looking.notes.push(`Read ${quoted(path)} as ${readingInFull(facts.reading)}${facts.reading.notes.length === 0 ? "." : ""}`);
  for (const path of group.beside) looking.notes.push(`Left out ${quoted(path)}: another file of the same name stands for it.`);
  return { id, found, facts: first.facts, names: first.names, guessed: group.guessed, missing };
}

/** Whether how a table is written is worth a word. */
const isTold = ({ encoding, delimiter = ",", numbers, dates, notes }: Reading) =>
  encoding !== undefined || delimiter !== "," || numbers !== undefined || dates !== undefined || notes.length > 0;

async function describeAll({ splits }: Group, missing: readonly string[], looking: Looking): Promise<Described[]> {
  const described: Described[] = [];
  for (const name of splitNames) {
    const path = splits[name];
    if (path === undefined) continue;
    const notes = missing.length === 0 ? looking.notes : []; // the second look finds the same mistakes
    const located = await declarable(path, notes, () => locateSplit(looking.root, path));
    if (located === null) continue;
    const facts = await noting(path, notes, () =>
      looking.inspect.table(
        located.pictures === undefined ? sourceOf(missing.length === 0 ? {} : { missing: [...missing] }, located) : located,
      ),
    );
    if (facts !== null)
      described.push({
        name,
        path,
        located,
        facts: { ...facts, columns: facts.columns.filter((column) => column.name.length <= mostName) },
        names: facts.columns.map((column) => column.name),
      });
  }
  return described;
}

const asFound = ({ name, path, located, facts }: Described, id: string): Found => ({
  split: {
    name,
    artefact: `dataset:${id}/${name}`,
    source: located,
    digest: "sha256:",
    rows: facts.rows,
    reading: facts.reading,
  },
  columns: facts.columns,
  shown: path,
  place: {},
});

/** Reads a model's file; null after a note when it cannot be read. */
export async function lookAtModel(path: string, id: string, looking: Looking): Promise<FoundModel | null> {
  const absolute = await declarable(path, looking.notes, () => locate(looking.root, path, "file", {}));
  if (absolute === null) return null;
  const facts = await noting(path, looking.notes, () => looking.inspect.model(absolute, looking.root));
  return facts === null ? null : { id, path, absolute, facts };
}

/** Identifiers made from names: what is no letter or digit becomes a hyphen, and each stands once. */
export function identifiers(fallback: string): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const plain = name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50)
      .replace(/-+$/, "");
    const base = plain || fallback;
    let id = base;
    for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
    taken.add(id);
    return id;
  };
}

const mostLeftOut = 10;

/** What was looked for, when nothing was found, and why what there is was left out. */
export function nothingFound(
  folder: string,
  { foreign: [model, ...others], packed: [table] }: { foreign: readonly Foreign[]; packed: readonly string[] },
  notes: readonly string[],
): Problem {
  const more = notes.length > mostLeftOut ? [`${notes.length - mostLeftOut} more were left out.`] : [];
  const what = "neither a table (.csv, .tsv, .parquet, .jsonl, .arrow, .npz) nor a model (.onnx) that can be read lies here";
  const remedies = [
    ...(table === undefined ? [] : [`${quoted(table)}: ${insteadOf(table) ?? "unpack it."}`]),
    ...(model === undefined
      ? []
      : [
          foreignSays(model),
          "Put a table of its test rows beside it: then `sextant init` prints the command that exports it to ONNX and compares both.",
        ]),
    ...(others.length === 0
      ? []
      : [`There ${others.length === 1 ? "is" : "are"} ${others.length} more models of formats that are not opened.`]),
  ];
  const otherwise =
    notes.length > 0
      ? "Mend what was left out, or name another folder."
      : "Put the data and the model there, or name the folder where they lie.";
  return new Problem("DECLARATION_FILES_NONE", [what, ...notes.slice(0, mostLeftOut), ...more].join(notes.length > 0 ? "\n" : ""), {
    file: join(folder, posix.sep),
    remedy: remedies.length > 0 ? remedies.join("\n") : otherwise,
  });
}
