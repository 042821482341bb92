import type { TableSource } from "../../data/index.ts";
import type { SplitName } from "../../declaration/index.ts";
import { columnsOf, labelIndices, type ModelBinding, openModel } from "../../models/index.ts";
import { defineRecipe, type Need, type Scope } from "../define.ts";
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

export interface ScoredPredictions extends Predictions {
  readonly probabilities: Float64Array;
}

export const predictionsRecipe = defineRecipe<{ split: TableSource; model: ModelBinding; label: string }, Predictions>({
  id: "predictions",
  module: import.meta.url,
  async make({ split, model: binding, label }, making) {
    const columns = [...new Set([...columnsOf(binding), label])];
    const table = await (await engineOf(making)).read(split, columns);
    await using model = await openModel(binding);
    const { labels, probabilities, classes, rows } = await model.predict(table, { progress: making.progress });
    return { rows, classes, truth: labelIndices(table, label, classes), answers: labels, probabilities };
  },
});

const planPredictions = (scope: Scope, split: SplitName) =>
  derive(predictionsRecipe, { model: modelNode(scope), split: splitNode(scope.dataset, split), label: labelNode(scope.dataset) });

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
