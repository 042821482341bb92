import { type Fitted, labelledRows, mostLikely, type TrainingSet } from "./training.ts";

/** Answers every row with the most frequent class of training, and the classes' shares as probabilities. */
export function fitMajority(training: TrainingSet): Fitted {
  const { rows, counts } = labelledRows(training);
  const shares = counts.map((count) => count / rows.length);
  return {
    name: "majority",
    parameters: { shares: [...shares] },
    predict(table) {
      const probabilities = new Float64Array(table.rows * shares.length);
      for (let row = 0; row < table.rows; row++) probabilities.set(shares, row * shares.length);
      return { labels: mostLikely(probabilities, shares.length), probabilities };
    },
  };
}
