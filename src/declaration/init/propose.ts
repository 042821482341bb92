import { basename, posix } from "node:path";
import { quoted } from "../../base/index.ts";
import { insteadOf } from "../../data/index.ts";
import { type Foreign, type ForeignExport, findForeign, foreignExport, type Rows } from "../foreign/index.ts";
import type { Inspect } from "../inspect.ts";
import { locate } from "../paths.ts";
import { readingOf, rootOf, schemaFrom, titleOf } from "./around.ts";
import { type Choice, type Chosen, choose, columnsOfAnswers } from "./choose.ts";
import type { FoundModel } from "./fit.ts";
import { groupTables } from "./group.ts";
import { type FoundDataset, identifiers, type Looking, lookAtDataset, lookAtModel, nothingFound } from "./look.ts";
import { guessesOf } from "./predictions.ts";
import { type Lying, walk } from "./walk.ts";
import { writeDeclaration } from "./write.ts";

export interface Proposal {
  /** Models of other formats, with how each comes to ONNX. */
  readonly foreign: readonly ForeignExport[];
  /** The commented sextant.yaml. */
  readonly text: string;
  /** What was found, guessed and left out, a sentence each. */
  readonly notes: readonly string[];
}

/** More than these are hardly one system: the rest is named in a note. */
const mostDatasets = 20;
const mostModels = 20;
const mostLockfiles = 50;

/**
 * A declaration of what lies in a folder, with guesses that say why; it reads and resolves as it is. Writes nothing.
 * Throws DECLARATION_FILES_NONE when neither a table nor a model can be read there.
 */
export async function proposeDeclaration(folder: string, inspect: Inspect): Promise<Proposal> {
  const root = await rootOf(folder);
  const looking: Looking = { root, inspect, notes: [] };
  const lying = await walk(root);
  const datasets = await lookAtDatasets(lying, looking);
  const models = await lookAtModels(lying, looking);
  const foreign = await findForeign(root, lying.foreign);
  if (datasets.length === 0 && models.length === 0) throw nothingFound(folder, { foreign, packed: lying.packed }, looking.notes);
  const choice = choose(datasets, models, root);
  const text = writeDeclaration(titleOf(basename(root)), choice, await lockfilesOf(lying, root), await schemaFrom(root));
  readingOf(text, root);
  return { text, notes: [...summary(choice), ...looking.notes, ...leftNotes(lying)], foreign: exportsOf(foreign, choice) };
}

async function lookAtDatasets({ tables, pictures }: Lying, looking: Looking): Promise<FoundDataset[]> {
  const identify = identifiers("data");
  const groups = groupTables([...tables, ...pictures]);
  const datasets: FoundDataset[] = [];
  for (const group of groups.slice(0, mostDatasets)) {
    const dataset = await lookAtDataset(group, identify(group.name), looking);
    if (dataset !== null) datasets.push(dataset);
  }
  if (groups.length > mostDatasets)
    looking.notes.push(`Looked at ${mostDatasets} of ${groups.length} datasets: declare the others by hand.`);
  return datasets;
}

async function lookAtModels({ models: paths }: Lying, looking: Looking): Promise<FoundModel[]> {
  const identify = identifiers("model");
  const models: FoundModel[] = [];
  for (const path of paths.slice(0, mostModels)) {
    const model = await lookAtModel(path, identify(posix.basename(path).replace(/\.onnx$/i, "")), looking);
    if (model !== null) models.push(model);
  }
  if (paths.length > mostModels) looking.notes.push(`Looked at ${mostModels} of ${paths.length} models: declare the others by hand.`);
  return models;
}

async function lockfilesOf({ lockfiles }: Lying, root: string): Promise<string[]> {
  const readable = lockfiles.slice(0, mostLockfiles).map((path) =>
    locate(root, path, "file", {}).then(
      () => [path],
      () => [],
    ),
  );
  return (await Promise.all(readable)).flat();
}

function summary({ datasets, alone }: Choice): string[] {
  return [
    ...datasets.map(({ dataset, label }) => {
      const splits = dataset.found.map(({ split }) => `${split.name} ${split.rows} rows`).join(", ");
      return `Dataset ${quoted(dataset.id)}: ${splits}; ${label === null ? "no column looks like the label" : `label ${quoted(label.name, 40)}, because ${label.why}`}.`;
    }),
    ...datasets.flatMap(({ dataset, fits }) =>
      fits.map(
        ({ model, classes }) =>
          `Model ${quoted(model.id)} fits ${quoted(dataset.id)}${classes === null ? "" : "; the order of its classes is a guess: check it"}.`,
      ),
    ),
    ...datasets.flatMap((chosen) => (chosen.answers === null ? [] : guessesOf(chosen).slice(1))),
    ...alone.map(({ model, why }) => `Model ${quoted(model.id)} fits no dataset${why === null ? "" : `: ${why}`}`),
  ];
}

function leftNotes({ packed: [table, ...more], cut }: Lying): string[] {
  return [
    ...(table === undefined
      ? []
      : [`${quoted(table)}${more.length === 0 ? "" : ` and ${more.length} more`} left out. ${insteadOf(table) ?? "Unpack it."}`]),
    ...(cut ? ["The folder is too large to be looked through: name a smaller one, or declare the rest by hand."] : []),
  ];
}

/** More are told by name alone. */
const mostExports = 10;

/** How each model of another format comes to ONNX, compared on the rows of the first dataset that there is. */
const exportsOf = (foreign: readonly Foreign[], { datasets: [chosen] }: Choice): ForeignExport[] =>
  foreign.slice(0, mostExports).map((model) => foreignExport(model, rowsOf(chosen)));

function rowsOf(chosen: Chosen | undefined): Rows {
  if (chosen === undefined) return { path: "data/test.csv", without: ["LABEL"] };
  const { dataset, label, answers, identifying, unused, doubtful } = chosen;
  const split = dataset.found.find(({ split: { name } }) => name === "test") ?? dataset.found[0];
  const without = [
    ...(label === null ? [] : [label.name]),
    ...(answers === null ? [] : columnsOfAnswers(answers)),
    ...identifying.map(({ name }) => name),
    ...unused,
    ...doubtful,
  ];
  return { path: split?.shown ?? "data/test.csv", without };
}
