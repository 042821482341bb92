import { dirname, join } from "node:path";
import { type Digest, digestOfJson } from "../base/index.ts";
import { describePreparation, type ModelBinding, type ModelFacts } from "../models/index.ts";
import { bindingOf, checkCodes } from "./bind.ts";
import { collecting, shownPath } from "./collecting.ts";
import { columnOf, type Looked } from "./found.ts";
import type { Inspect, Resolving } from "./inspect.ts";
import { checkAnswers } from "./labels.ts";
import { locate } from "./paths.ts";
import { resolveEndpoint } from "./resolve-endpoint.ts";
import { resolvePredictions } from "./resolve-predictions.ts";
import type { ModelDeclaration } from "./schema.ts";
import type { Model } from "./system.ts";
import type { Path } from "./yaml.ts";

/** What was found of a model of some kind, and how it is put to a dataset; null where that cannot be, its problems noted. */
export interface FoundModel extends Pick<Model, "kind" | "digest" | "file" | "about" | "endpoint"> {
  bind(looked: Looked): ModelBinding | null;
}

export async function resolveModel(
  declared: ModelDeclaration,
  path: Path,
  datasets: readonly Looked[],
  resolving: Resolving,
): Promise<Model[]> {
  const found = await findModel(declared, path, datasets, resolving);
  if (found === null) return [];
  const { bind, ...facts } = found;
  const bindings = bindingsOf(bind, declared, datasets, resolving);
  const about = [facts.about, ...preparationsIn(bindings)].join("; ");
  return [{ id: declared.id, declared, artefact: `model:${declared.id}`, ...facts, about, bindings }];
}

/** How pictures are put to it, with where each choice comes from. */
function preparationsIn(bindings: Model["bindings"]): string[] {
  const images = Object.values(bindings).flatMap((binding) => (binding.kind === "onnx" ? binding.inputs.map(({ image }) => image) : []));
  return [...new Set(images.flatMap((image) => (image === undefined ? [] : [describePreparation(image)])))];
}

/** By the one kind of model that is declared. */
async function findModel(
  declared: ModelDeclaration,
  path: Path,
  datasets: readonly Looked[],
  resolving: Resolving,
): Promise<FoundModel | null> {
  const { file, endpoint, predictions } = declared;
  if (endpoint !== undefined) return resolveEndpoint({ ...declared, endpoint }, path, datasets, resolving);
  if (predictions !== undefined) return resolvePredictions({ ...declared, predictions }, path, datasets, resolving);
  if (file === undefined) throw new Error(`model ${declared.id} is of no kind`);
  return resolveFile({ ...declared, file }, path, resolving);
}

/** By dataset that the model is measured on. Where the label is misspelt, how the columns fit would be told wrongly: nothing is told. */
function bindingsOf(
  bind: FoundModel["bind"],
  declared: ModelDeclaration,
  datasets: readonly Looked[],
  { read, problems }: Resolving,
): Model["bindings"] {
  const measuredOn = declared.testedOn ?? declared.trainedOn ?? [];
  const bound = datasets.flatMap((looked) => {
    const { dataset, found, path: inside } = looked;
    const { label } = dataset.declared;
    const isMisspelt = label !== undefined && columnOf(dataset.columns, label) === undefined;
    if (!measuredOn.includes(dataset.id) || isMisspelt) return [];
    const binding = bind(looked);
    if (binding === null) return [];
    if (label !== undefined) problems.push(...checkAnswers(label, binding.classes, found, (way) => read.place([...inside, ...way])));
    return [[dataset.id, binding] as const];
  });
  return Object.fromEntries(bound);
}

/** A model in an ONNX file. */
async function resolveFile(
  declared: ModelDeclaration & { readonly file: string },
  path: Path,
  resolving: Resolving,
): Promise<FoundModel | null> {
  const { read, inspect, problems } = resolving;
  const place = read.place([...path, "file"]);
  const found = await collecting(problems, { shown: shownPath(read, declared.file), place }, async () => {
    const file = await locate(read.root, declared.file, "file", place);
    const facts = await inspect.model(file, read.root);
    return { file: { path: file, facts }, digest: await modelDigest(file, facts, inspect) };
  });
  if (found === null) return null;
  const { nodes, bytes } = found.file.facts;
  return {
    kind: "onnx",
    ...found,
    about: `${nodes} nodes, ${bytes.toLocaleString("en-GB")} bytes`,
    bind({ dataset, found: splits }) {
      const binding = bindingOf({ ...found.file, root: read.root }, declared, dataset, path, resolving);
      if (binding !== null) problems.push(...checkCodes(binding, splits, (way) => read.place([...path, ...way])));
      return binding;
    },
  };
}

/** A model is its file and the files that hold its tensors: a change of either is another model. */
async function modelDigest(file: string, { externalFiles }: ModelFacts, inspect: Inspect): Promise<Digest> {
  const own = await inspect.digest(file);
  if (externalFiles.length === 0) return own;
  const digests = await Promise.all(externalFiles.map(async (name) => [name, await inspect.digest(join(dirname(file), name))]));
  return digestOfJson([own, ...digests]);
}
