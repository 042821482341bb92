import type { Predictions } from "../../needs/predictions.ts";

/** At most `most` of `rows` rows, evenly spread over the file, ascending. */
export const evenRows = (rows: number, most: number) =>
  rows <= most
    ? Int32Array.from({ length: rows }, (_, at) => at)
    : Int32Array.from({ length: most }, (_, at) => Math.floor((at * rows) / most));

/** A model's answers on some of the rows, ascending. */
export function predictionsOn(answers: Predictions, rows: Int32Array): Predictions {
  if (rows.length === answers.rows) return answers;
  const { truth, probabilities, classes } = answers;
  const k = classes.length;
  const pick = (values: Int32Array) => Int32Array.from(rows, (row) => values[row]!);
  const scores =
    probabilities && Float64Array.from({ length: rows.length * k }, (_, at) => probabilities[rows[Math.floor(at / k)]! * k + (at % k)]!);
  return { rows: rows.length, classes, truth: pick(truth), answers: pick(answers.answers), probabilities: scores };
}
