import type { ScoredPredictions } from "../../needs/predictions.ts";

const smallest = 1e-12;

/** Of each row with a label, in nats. */
export function lossesOf({ truth, probabilities, classes }: ScoredPredictions): Float64Array {
  const rows = Int32Array.from(truth.keys()).filter((row) => truth[row]! >= 0);
  return Float64Array.from(rows, (row) => -Math.log(Math.max(smallest, probabilities[row * classes.length + truth[row]!]!)));
}

/** Losses as scores of having been trained on, the smaller the loss the higher: those of training rows first, then the others', and which is which. */
export function membershipScores(inside: Float64Array, outside: Float64Array): { scores: Float64Array; isMember: Uint8Array } {
  const scores = new Float64Array(inside.length + outside.length);
  scores.set(inside.map((loss) => -loss));
  scores.set(
    outside.map((loss) => -loss),
    inside.length,
  );
  return { scores, isMember: new Uint8Array(scores.length).fill(1, 0, inside.length) };
}
