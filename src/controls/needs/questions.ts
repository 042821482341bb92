import { Problem } from "../../base/index.ts";
import type { Table } from "../../data/index.ts";
import { type Answers, givesOf, type Model } from "../../models/index.ts";
import type { Budget, Node, Scope } from "../define.ts";

/** Where each question is counted, as at an endpoint, this part of the rows is asked about. */
const countedPart = 20;

/** How many rows a model is asked about anew: grows with the budget, and is a twentieth where each question is counted. */
export function rowsToAsk({ model, dataset, budget }: Scope, by: { readonly [B in Budget]: number }): Node {
  const binding = dataset === undefined ? undefined : model?.bindings[dataset.id];
  const counted = binding !== undefined && givesOf(binding).counted;
  return { kind: "budget", value: counted ? Math.ceil(by[budget] / countedPart) : by[budget] };
}

/** What a model answers changed rows, without its scores' classes; or the code of the problem with which it refuses them. */
export type Reply = { readonly answers: Int32Array; readonly probabilities: Float64Array | null } | { readonly refused: string };

const refusals: readonly string[] = [
  "MODEL_INPUT_INVALID",
  "MODEL_RUN_FAILED",
  "MODEL_ANSWERS_INVALID",
  "ENDPOINT_REFUSED",
  "ENDPOINT_ANSWER_INVALID",
];

/** A model may refuse rows that were changed so that they cannot be answered, such as rows without a value: that is a finding, and no failure of ours. */
export async function ask(model: Model, table: Table): Promise<Reply> {
  try {
    const { labels, probabilities }: Answers = await model.predict(table);
    return { answers: labels, probabilities };
  } catch (error) {
    if (error instanceof Problem && refusals.includes(error.code)) return { refused: error.code };
    throw error;
  }
}
