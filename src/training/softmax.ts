/**
 * Turns scores [rows, vectors] into probabilities in place, and returns the sum of losses where there are targets. One vector gives the probability of the second class
 * (logistic), more those of each (softmax).
 */
export function toProbabilities(scores: Float64Array, vectors: number, targets?: Int32Array): number {
  let loss = 0;
  if (vectors === 1) {
    for (let row = 0; row < scores.length; row++) {
      const score = scores[row]!;
      const small = Math.exp(-Math.abs(score));
      scores[row] = (score > 0 ? 1 : small) / (1 + small);
      if (targets !== undefined) loss += Math.log1p(small) + Math.max(0, targets[row] === 1 ? -score : score);
    }
    return loss;
  }
  for (let from = 0; from < scores.length; from += vectors) {
    let most = Number.NEGATIVE_INFINITY;
    for (let at = from; at < from + vectors; at++) most = Math.max(most, scores[at]!);
    let sum = 0;
    if (targets !== undefined) loss -= scores[from + targets[from / vectors]!]! - most;
    for (let at = from; at < from + vectors; at++) {
      scores[at] = Math.exp(scores[at]! - most);
      sum += scores[at]!;
    }
    loss += Math.log(sum);
    for (let at = from; at < from + vectors; at++) scores[at]! /= sum;
  }
  return loss;
}

/** scores := (diag(p) - p pᵀ) scores, row by row: the curvature of the loss in the scores. */
export function applyCovariance(probabilities: Float64Array, scores: Float64Array, vectors: number): void {
  if (vectors === 1) {
    for (let row = 0; row < scores.length; row++) scores[row]! *= probabilities[row]! * (1 - probabilities[row]!);
    return;
  }
  for (let from = 0; from < scores.length; from += vectors) {
    let mean = 0;
    for (let at = from; at < from + vectors; at++) mean += probabilities[at]! * scores[at]!;
    for (let at = from; at < from + vectors; at++) scores[at] = probabilities[at]! * (scores[at]! - mean);
  }
}
