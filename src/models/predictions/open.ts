import type { Table } from "../../data/index.ts";
import type { Answers, Model, PredictionsBinding } from "../model.ts";
import { readLabels } from "./labels.ts";
import { readColumns } from "./scores.ts";

/** Reads the answers that stand in a table's own columns. Throws MODEL_ANSWERS_INVALID with the row. */
export const openPredictions = (binding: PredictionsBinding): Model => ({
  async predict(table, { progress } = {}) {
    const answers = answersIn(table, binding);
    progress?.(table.rows, table.rows, "answers read");
    return answers;
  },
  async [Symbol.asyncDispose]() {},
});

function answersIn(table: Table, binding: PredictionsBinding): Answers {
  const probabilities = readColumns(table, binding);
  return { rows: table.rows, classes: binding.classes, labels: readLabels(table, binding, probabilities), probabilities };
}
