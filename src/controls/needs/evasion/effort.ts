import { givesOf } from "../../../models/index.ts";
import type { Budget, Node, Scope } from "../../define.ts";

type By = { readonly [B in Budget]: number };

/** Rows that are attacked by questions, and questions for each of them. */
const free: { readonly rows: By; readonly queries: By } = {
  rows: { quick: 100, standard: 400, thorough: 1000 },
  queries: { quick: 200, standard: 1000, thorough: 5000 },
};
/** The same where each question is counted, as at an endpoint. */
const counted: typeof free = {
  rows: { quick: 20, standard: 100, thorough: 300 },
  queries: { quick: 60, standard: 200, thorough: 1000 },
};

/** Of an attack that goes by answers, by budget; smaller where each question is counted. */
export function questionsBy({ model, dataset, budget }: Scope, isService = false): { readonly most: Node; readonly queries: Node } {
  const binding = dataset === undefined ? undefined : model?.bindings[dataset.id];
  const { rows, queries } = isService || (binding !== undefined && givesOf(binding).counted) ? counted : free;
  return { most: { kind: "budget", value: rows[budget] }, queries: { kind: "budget", value: queries[budget] } };
}

/** Beside the attack's own, for each row: its answer as it is, and that to what was found. */
export const judged = 2;
