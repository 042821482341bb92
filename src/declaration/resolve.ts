import { type Place, type Problem, Problems, placeText } from "../base/index.ts";
import { type SplitName, splitNames, tableDigest } from "../data/index.ts";
import { collecting, shownPath } from "./collecting.ts";
import { checkDataset } from "./columns.ts";
import type { Found, Looked } from "./found.ts";
import type { Inspect, Resolving } from "./inspect.ts";
import type { Read } from "./read.ts";
import { nameOfSplit, pictureSource, withPictureFacts, withUsualLabel } from "./resolve-images.ts";
import { resolveModel } from "./resolve-model.ts";
import { answersBeside } from "./resolve-predictions.ts";
import { resolveServices } from "./resolve-services.ts";
import type { DatasetDeclaration } from "./schema.ts";
import type { Dataset, Model, Split, System } from "./system.ts";
import { isTable, type LocatedTable, locateTable, sourceOf } from "./tables.ts";
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
  const services = await resolveServices(read.declaration.services ?? [], models, datasets, resolving);
  if (resolving.problems.length > 0) throw new Problems(onlyOnce(resolving.problems));
  return { declaration: read.declaration, root: read.root, datasets: datasets.map(({ dataset }) => dataset), models, services };
}

/** A model that is measured on two datasets meets the same problem twice. */
function onlyOnce(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${placeText(problem.place)} ${problem.code} ${problem.message}`, problem]));
  return [...seen.values()].toSorted(({ place: a }, { place: b }) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

async function resolveDataset(written: DatasetDeclaration, path: Path, resolving: Resolving): Promise<Looked[]> {
  const declared = await withUsualLabel(written, resolving.read);
  const found: Found[] = [];
  for (const name of splitNames) {
    const named = declared.splits[name];
    if (named === undefined) continue;
    const split = await resolveSplit(declared, name, named, path, resolving);
    if (split !== null) found.push(split);
  }
  const [first] = found;
  if (first === undefined) return [];
  const answers = answersBeside(resolving.read.declaration, declared.id);
  resolving.problems.push(...checkDataset(declared, found, (inside) => resolving.read.place([...path, ...inside]), answers));
  const noFeature = new Set([declared.label, ...(declared.identifying ?? []), ...(declared.unused ?? []), ...answers]);
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
  named: NonNullable<DatasetDeclaration["splits"][SplitName]>,
  path: Path,
  { read, inspect, problems }: Resolving,
): Promise<Found | null> {
  const place = read.place([...path, "splits", name]);
  const shown = shownPath(read, nameOfSplit(named));
  return collecting(problems, { shown, place }, async () => {
    const pictures = await pictureSource(declared, named, read, place);
    const found = pictures ?? sourceOf(declared, await tableNamed(named, read, place));
    const { rows, columns, reading } = await inspect.table(found);
    const digest = await tableDigest(found, inspect.digest);
    const source = withPictureFacts(found, columns);
    const split: Split = { name, artefact: `dataset:${declared.id}/${name}`, source, digest, rows, reading };
    return { split, columns, shown, place };
  });
}

function tableNamed(named: NonNullable<DatasetDeclaration["splits"][SplitName]>, { root }: Read, place: Place): Promise<LocatedTable> {
  if (!isTable(named)) throw new Error("arrays of pictures are no table");
  return locateTable(root, named, place);
}
