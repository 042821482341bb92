import { basename } from "node:path";
import { Problem } from "../../base/index.ts";
import type { Engine, SplitName, Table, TableSource } from "../../data/index.ts";
import type { Model as DeclaredModel } from "../../declaration/index.ts";
import {
  type Answers,
  columnsOf,
  labelIndices,
  type Model,
  type ModelBinding,
  matched,
  openModel,
  type PredictionsBinding,
} from "../../models/index.ts";
import { defineRecipe, type Missing, type Need, type Node, type Scope } from "../define.ts";
import { askingForRows } from "./endpoint.ts";
import { engineOf } from "./engine.ts";
import { lackOf, modelNode } from "./model.ts";
import { derive, labelNode, splitNode } from "./splits.ts";

/** What a model answers on a split, beside the truth. */
export interface Predictions {
  readonly rows: number;
  readonly classes: readonly string[];
  /** Index into classes of each row's true label. */
  readonly truth: Int32Array;
  /** Index into classes of each row's answer. */
  readonly answers: Int32Array;
  /** Row-major [rows, classes]; null when the model gives labels alone. */
  readonly probabilities: Float64Array | null;
}

/** What a model that gives scores answers on a split, beside the truth. */
export interface ScoredPredictions extends Predictions {
  readonly probabilities: Float64Array;
}

interface PredictionsInputs {
  readonly split: TableSource;
  readonly model: ModelBinding;
  readonly label: string;
  /** The table that holds the answers, where they do not stand in the split and no model gives them. */
  readonly written?: TableSource;
}

export const predictionsRecipe = defineRecipe<PredictionsInputs, Predictions>({
  id: "predictions",
  module: import.meta.url,
  async make({ split, model: binding, label, written }, making) {
    const engine = await engineOf(making);
    const key = binding.kind === "predictions" ? binding.key : null;
    const own = written === undefined ? columnsOf(binding) : [key ?? []].flat();
    const table = await engine.read(split, [...new Set([...own, label])]);
    await using model = await openModel(binding);
    const answers =
      written === undefined
        ? await model.predict(table, { progress: making.progress })
        : await answersFrom({ engine, written, key }, { path: split.path, table }, binding, model);
    const { labels, probabilities, classes, rows } = answers;
    return { rows, classes, truth: labelIndices(table, label, classes), answers: labels, probabilities };
  },
});

/** Answers in a table of their own, in the order of the split's rows; their mistakes are told by that table's rows. */
async function answersFrom(
  { engine, written, key }: { engine: Engine; written: TableSource; key: string | null },
  split: { path: string; table: Table },
  binding: ModelBinding,
  model: Model,
): Promise<Answers> {
  const table = await engine.read(written, [...new Set([...columnsOf(binding), ...[key ?? []].flat()])]);
  const answers = await model.predict(table).catch((error: unknown) => {
    throw error instanceof Problem
      ? new Problem(error.code, error.message, { ...error.place, file: basename(written.path), remedy: error.remedy })
      : error;
  });
  if (key === null) return answers;
  const keys = (path: string, { columns }: Table) => {
    const column = columns[key];
    if (column === undefined) throw new Error(`the engine did not read ${key}`);
    return { column, name: key, file: basename(path) };
  };
  return matched(answers, keys(split.path, split.table), keys(written.path, table));
}

function planPredictions(scope: Scope, split: SplitName): Node | Missing {
  const { model, dataset } = scope;
  const binding = dataset === undefined ? undefined : model?.bindings[dataset.id];
  const written = model === undefined || binding?.kind !== "predictions" ? {} : writtenNode(model, binding, split);
  const planned = derive(predictionsRecipe, {
    model: modelNode(scope),
    split: splitNode(dataset, split),
    label: labelNode(dataset),
    ...written,
  });
  return askingForRows(planned, scope, split);
}

/** Answers that were written down are there, or there are none. */
function writtenNode(
  { id, artefact }: DeclaredModel,
  { files, splits }: PredictionsBinding,
  split: SplitName,
): { readonly [name: string]: Node | Missing } {
  if (!splits.includes(split)) {
    const remedy =
      files === null
        ? `Write its answers into the ${split} split too, or declare the model's ONNX file or endpoint.`
        : `Name the table that holds them: \`files: { ${split}: FILE }\`; or declare the model's ONNX file or endpoint.`;
    return { written: { missing: `the predictions of ${id} do not answer the ${split} split`, remedy } };
  }
  const found = files?.[split];
  if (found === undefined) return {};
  const { path, ...reading } = found.source;
  return {
    written: { kind: "artefact", id: `${artefact}/${split}`, digest: found.digest, reading: { ...reading }, open: { path, ...reading } },
  };
}

/** The model's answers on one split of the dataset. */
export const predictions = ({ split }: { split: SplitName }): Need<Predictions> => ({
  per: "model",
  plan: (scope) => planPredictions(scope, split),
  view: (seen) => seen as Predictions,
});

/** The same, of a model that gives scores: what calibration and loss need. */
export const scoredPredictions = ({ split }: { split: SplitName }): Need<ScoredPredictions> => ({
  per: "model",
  plan(scope) {
    return lackOf(scope, ["scores"]) ?? planPredictions(scope, split);
  },
  view: (seen) => seen as ScoredPredictions,
});
