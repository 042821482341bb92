import { dirname, join, posix } from "node:path";
import { type Digest, digestOfJson, type Place, Problem, Problems, placeText, problemsOf } from "../base/index.ts";
import type { TableSource } from "../data/index.ts";
import type { ModelBinding, ModelFacts } from "../models/index.ts";
import { bindingOf, checkCodes } from "./bind.ts";
import { checkDataset } from "./columns.ts";
import { columnOf, type Found } from "./found.ts";
import type { Inspect, Resolving } from "./inspect.ts";
import { checkAnswers } from "./labels.ts";
import { locate } from "./paths.ts";
import { type Read, tableFormat } from "./read.ts";
import type { DatasetDeclaration, ModelDeclaration } from "./schema.ts";
import { type Dataset, type Model, type Split, type SplitName, type System, splitNames } from "./system.ts";
import type { Path } from "./yaml.ts";

/** Looks at every file that the declaration names, and checks that they fit it and each other. Throws Problems with all that does not. */
export async function resolveSystem(read: Read, inspect: Inspect): Promise<System> {
  const resolving: Resolving = { read, inspect, problems: [] };
  const { datasets: declaredDatasets = [], models: declaredModels = [] } = read.declaration;
  const datasets: Looked[] = [];
  for (const [at, declared] of declaredDatasets.entries()) datasets.push(...(await resolveDataset(declared, ["datasets", at], resolving)));
  const models: Model[] = [];
  for (const [at, declared] of declaredModels.entries())
    models.push(...(await resolveModel(declared, ["models", at], datasets, resolving)));
  if (resolving.problems.length > 0) throw new Problems(onlyOnce(resolving.problems));
  return { declaration: read.declaration, root: read.root, datasets: datasets.map(({ dataset }) => dataset), models };
}

/** A dataset, and its files as they were found. */
interface Looked {
  readonly dataset: Dataset;
  readonly found: readonly Found[];
  readonly path: Path;
}

/** A model that is measured on two datasets meets the same problem twice. */
function onlyOnce(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${placeText(problem.place)} ${problem.code} ${problem.message}`, problem]));
  return [...seen.values()].toSorted(({ place: a }, { place: b }) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

async function resolveDataset(declared: DatasetDeclaration, path: Path, resolving: Resolving): Promise<Looked[]> {
  const found: Found[] = [];
  for (const name of splitNames) {
    const named = declared.splits[name];
    if (named === undefined) continue;
    const split = await resolveSplit(declared, name, named, path, resolving);
    if (split !== null) found.push(split);
  }
  const [first] = found;
  if (first === undefined) return [];
  resolving.problems.push(...checkDataset(declared, found, (inside) => resolving.read.place([...path, ...inside])));
  const noFeature = new Set([declared.label, ...(declared.identifying ?? []), ...(declared.unused ?? [])]);
  const dataset: Dataset = {
    id: declared.id,
    declared,
    splits: Object.fromEntries(found.map(({ split }) => [split.name, split])),
    columns: first.columns,
    features: first.columns.map(({ name }) => name).filter((name) => !noFeature.has(name)),
  };
  return [{ dataset, found, path }];
}

async function resolveSplit(
  declared: DatasetDeclaration,
  name: SplitName,
  named: string,
  path: Path,
  { read, inspect, problems }: Resolving,
): Promise<Found | null> {
  const place = read.place([...path, "splits", name]);
  const shown = shownPath(read, named);
  return collecting(problems, { shown, place }, async () => {
    const source = sourceOf(declared, await locate(read.root, named, "file", place), named);
    const { rows, columns } = await inspect.table(source);
    const split: Split = { name, artefact: `dataset:${declared.id}/${name}`, source, digest: await inspect.digest(source.path), rows };
    return { split, columns, shown, place };
  });
}

function sourceOf({ missing, trim }: Pick<DatasetDeclaration, "missing" | "trim">, path: string, named: string): TableSource {
  return {
    path,
    format: tableFormat(named) ?? "csv",
    ...(missing === undefined ? {} : { missing: missing.map(String) }),
    ...(trim === undefined ? {} : { trim }),
  };
}

/** A model is its file and the files that hold its tensors: a change of either is another model. */
async function modelDigest(file: string, { externalFiles }: ModelFacts, inspect: Inspect): Promise<Digest> {
  const own = await inspect.digest(file);
  if (externalFiles.length === 0) return own;
  const digests = await Promise.all(externalFiles.map(async (name) => [name, await inspect.digest(join(dirname(file), name))]));
  return digestOfJson([own, ...digests]);
}

async function resolveModel(declared: ModelDeclaration, path: Path, datasets: readonly Looked[], resolving: Resolving): Promise<Model[]> {
  const { read, inspect, problems } = resolving;
  const place = read.place([...path, "file"]);
  const found = await collecting(problems, { shown: shownPath(read, declared.file), place }, async () => {
    const file = await locate(read.root, declared.file, "file", place);
    const facts = await inspect.model(file, read.root);
    return { path: file, facts, digest: await modelDigest(file, facts, inspect) };
  });
  if (found === null) return [];
  const bindings = bindingsOf({ ...found, root: read.root }, declared, path, datasets, resolving);
  return [
    {
      id: declared.id,
      declared,
      artefact: `model:${declared.id}`,
      ...found,
      bindings,
    },
  ];
}

/** By dataset that the model is measured on. Where the label is misspelt, how the columns fit would be told wrongly: nothing is told. */
function bindingsOf(
  model: { readonly path: string; readonly root: string; readonly facts: ModelFacts },
  declared: ModelDeclaration,
  path: Path,
  datasets: readonly Looked[],
  { read, problems }: Resolving,
): { [dataset: string]: ModelBinding } {
  const measuredOn = declared.testedOn ?? declared.trainedOn ?? [];
  const bound = datasets.flatMap(({ dataset, found, path: inside }) => {
    const { label } = dataset.declared;
    const isMisspelt = label !== undefined && columnOf(dataset.columns, label) === undefined;
    if (!measuredOn.includes(dataset.id) || isMisspelt) return [];
    const binding = bindingOf(model, declared, dataset, path, { read, problems });
    if (binding === null) return [];
    problems.push(...checkCodes(binding, found, (way) => read.place([...path, ...way])));
    if (label !== undefined) problems.push(...checkAnswers(label, binding.classes, found, (way) => read.place([...inside, ...way])));
    return [[dataset.id, binding] as const];
  });
  return Object.fromEntries(bound);
}

const shownPath = (read: Read, named: string) => posix.join(posix.dirname(read.file.replaceAll("\\", "/")), named);

/** What is found, or null after its problems: each names the file that it is in, and the line of the declaration that names that file. */
async function collecting<T>(problems: Problem[], where: { shown: string; place: Place }, find: () => Promise<T>): Promise<T | null> {
  try {
    return await find();
  } catch (error) {
    const found = problemsOf(error);
    if (found.length === 0) throw error;
    problems.push(...found.map((problem) => aboutFile(problem, where)));
    return null;
  }
}

function aboutFile(problem: Problem, { shown, place }: { shown: string; place: Place }): Problem {
  if (problem.place.file === place.file) return problem;
  const at = [problem.place.at, `(named in ${placeText(place)})`].filter(Boolean).join(" ");
  return new Problem(problem.code, problem.message, { ...problem.place, file: shown, at, remedy: problem.remedy });
}
