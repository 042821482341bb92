import { access, constants, mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { inspectAlone, limitsFrom } from "../assess/index.ts";
import { Problem, printable, quoted, writeDurably } from "../base/index.ts";
import { insteadOf, tableEndings, tableFormat } from "../data/index.ts";
import { type Declaration, type GivenColumns, proposePredictions, type Read, readDeclaration } from "../declaration/index.ts";
import type { Context } from "./main.ts";

/** Options that say what a table's columns hold. */
export interface TableOptions {
  readonly label?: string;
  readonly prediction?: string;
  readonly scores: readonly string[];
  readonly favourable?: string;
  readonly sensitive: readonly string[];
  readonly class: readonly string[];
}

/** Whether a table is named, where else a folder with its declaration is. */
const isTable = (path: string) => tableFormat(path) !== undefined;

/**
 * The declaration of a folder or, of a table of predictions, the one beside it; where there is none it is made from the table and, unless `dry`, written.
 * Throws PREDICTIONS_COLUMNS where the columns cannot be told, and DECLARATION_EXISTS where the declaration beside it is of something else.
 */
export async function declarationFor(path: string, options: TableOptions, context: Context, { dry }: { dry: boolean }): Promise<Read> {
  const given = givenBy(options);
  const isNamed = isTable(path) && !(await isFolder(path));
  if (!isNamed) {
    const instead = insteadOf(path);
    if (instead !== undefined && !(await isFolder(path))) throw otherFormat(path, instead);
    if (Object.values(given).some((value) => value !== undefined)) throw onlyOfTables();
    return readDeclaration(path);
  }
  const file = join(dirname(path), "sextant.yaml");
  if (await exists(file)) return agreeing(await readDeclaration(file), path, given);
  const scratch = await mkdtemp(join(tmpdir(), "sextant-table-"));
  try {
    const limits = limitsFrom(context.environment, "quick");
    const { text, notes, read } = await inspectAlone(scratch, { limits, signal: context.signal }, (inspect) =>
      proposePredictions(dirname(path), basename(path), given, inspect),
    );
    const { terminal } = context;
    for (const note of notes) terminal.note(`  ${printable(note)}`);
    if (dry) return { ...read, file };
    await refuseReadOnly(dirname(path));
    await writeDurably(file, text);
    terminal.note(`Wrote ${printable(file)}: what was guessed stands there to be checked, and the next run takes it as it is.`);
    return await readDeclaration(file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

function givenBy({ label, prediction, scores, favourable, sensitive, class: classes }: TableOptions): GivenColumns {
  return {
    label,
    prediction,
    favourable,
    scores: scores.length === 0 ? undefined : scoresOf(scores),
    sensitive: sensitive.length === 0 ? undefined : sensitive,
    classes: classes.length === 0 ? undefined : classes,
  };
}

/** `COLUMN`, or `CLASS=COLUMN` once for each class. */
function scoresOf(texts: readonly string[]): string | { readonly [className: string]: string } {
  const [first = ""] = texts;
  if (texts.length === 1 && !first.includes("=")) return first;
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.lastIndexOf("=");
      if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
      throw new Problem("COMMAND_UNKNOWN", `--scores ${text}: CLASS=COLUMN was expected`, {
        at: "--scores",
        remedy: "Give one column of two classes, or each class with its column: --scores yes=p_yes --scores no=p_no.",
      });
    }),
  );
}

const otherFormat = (file: string, remedy: string) =>
  new Problem("TABLE_FORMAT", `tables are read from ${tableEndings.join(", ")}, each also packed as .gz or .zst; this is none`, {
    file,
    remedy,
  });

const onlyOfTables = () =>
  new Problem(
    "COMMAND_UNKNOWN",
    "--label, --prediction, --scores, --class, --favourable and --sensitive say what the columns of a table hold",
    {
      remedy: "Name a table of predictions (`sextant assess predictions.csv --label COLUMN`); for a folder, write it in sextant.yaml.",
    },
  );

async function refuseReadOnly(folder: string): Promise<void> {
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (writable) return;
  throw new Problem(
    "FILES_REFUSED",
    "the declaration, the report and the evidence are kept beside the table, and nothing can be written here",
    {
      file: folder,
      remedy: "Copy the table into a folder that you may write, and assess it there.",
    },
  );
}

/** The declaration that lies beside a table, if it is one of that table and says what the options say. */
async function agreeing(read: Read, path: string, given: GivenColumns): Promise<Read> {
  const real = await realpath(path).catch(() => resolve(path));
  const { datasets = [], models = [] } = read.declaration;
  const names = (files: Readonly<Record<string, unknown>> = {}) =>
    Object.values(files).some((name) => typeof name === "string" && resolve(read.root, name) === real);
  const dataset = datasets.find(({ splits }) => names(splits));
  if (dataset === undefined && !models.some(({ predictions }) => names(predictions?.files))) {
    throw new Problem("DECLARATION_EXISTS", `there is a declaration already, and it does not name ${quoted(basename(path))}`, {
      file: read.file,
      remedy: "Name the table there, among `datasets` with a model of `predictions`; or move it into a folder of its own.",
    });
  }
  const odd = differing(
    given,
    dataset,
    models.filter(({ testedOn, trainedOn }) => (testedOn ?? trainedOn ?? []).includes(dataset?.id ?? "")),
  );
  if (odd === null) return read;
  throw new Problem(
    "DECLARATION_EXISTS",
    `there is a declaration already, which says otherwise than --${odd === "classes" ? "class" : odd}`,
    {
      file: read.file,
      remedy: "Change it there, or move it away to have it written again.",
    },
  );
}

type Named<K extends "datasets" | "models"> = NonNullable<Declaration[K]>[number];

/** The first option that says otherwise than the declaration. */
function differing(given: GivenColumns, dataset: Named<"datasets"> | undefined, models: readonly Named<"models">[]): string | null {
  const text = (value: unknown) => JSON.stringify(value) ?? "";
  const checks: readonly [keyof GivenColumns, boolean][] = [
    ["label", dataset?.label === given.label],
    ["favourable", text(String(dataset?.favourable)) === text(given.favourable)],
    ["sensitive", text(dataset?.sensitive) === text(given.sensitive)],
    ["prediction", models.some(({ predictions }) => predictions?.label === given.prediction)],
    ["classes", models.some(({ classes }) => text(classes?.map(String)) === text(given.classes))],
    ["scores", models.some(({ predictions }) => sameScores(predictions?.scores, given.scores))],
  ];
  return checks.find(([option, same]) => given[option] !== undefined && !same)?.[0] ?? null;
}

/** A single column is written down with the class that it speaks of. */
function sameScores(declared: GivenColumns["scores"], given: GivenColumns["scores"]): boolean {
  if (typeof given !== "string" || declared === undefined) return JSON.stringify(declared) === JSON.stringify(given);
  return typeof declared === "string" ? declared === given : Object.values(declared).join() === given;
}
