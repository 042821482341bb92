import type { Random } from "../../base/index.ts";
import type { Predictions, ScoredPredictions } from "../needs/predictions.ts";

/** Answers with this confusion matrix: the row is the truth, the column the answer. */
export function confused(matrix: readonly (readonly number[])[], classes: readonly string[] = ["no", "yes"]): Predictions {
  const cells = matrix.flatMap((row, truth) => row.map((rows, answer) => ({ truth, answer, rows })));
  const each = cells.flatMap((cell) => Array.from({ length: cell.rows }, () => cell));
  return {
    rows: each.length,
    classes,
    truth: Int32Array.from(each, ({ truth }) => truth),
    answers: Int32Array.from(each, ({ answer }) => answer),
    probabilities: null,
  };
}

/** `n` rows of two classes, each answered right with probability `right`. */
export function drawnAnswers(random: Random, n: number, right: number): Predictions {
  const truth = Int32Array.from({ length: n }, () => (random.uniform() < 0.3 ? 1 : 0));
  const answers = truth.map((label) => (random.uniform() < right ? label : 1 - label));
  return { rows: n, classes: ["no", "yes"], truth, answers, probabilities: null };
}

/** `n` rows of two classes: `said` is the probability given to the second, which truly has probability `truly(said)`. */
export function drawnScores(random: Random, n: number, truly: (said: number) => number, say = () => random.uniform()): ScoredPredictions {
  const said = Float64Array.from({ length: n }, say);
  const truth = Int32Array.from(said, (each) => (random.uniform() < truly(each) ? 1 : 0));
  const probabilities = new Float64Array(2 * n);
  for (const [row, each] of said.entries()) probabilities.set([1 - each, each], 2 * row);
  return { rows: n, classes: ["no", "yes"], truth, answers: Int32Array.from(said, (each) => (each > 0.5 ? 1 : 0)), probabilities };
}
