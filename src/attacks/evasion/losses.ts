import type { Loss } from "./attack.ts";

/** The class of the highest score; the first of several. -1 where a score is NaN: that is no answer, and never the right one. */
export function highest(scores: Float32Array, row: number, classes: number): number {
  let best = 0;
  for (let at = 0; at < classes; at++) {
    const score = scores[row * classes + at]!;
    if (Number.isNaN(score)) return -1;
    if (score > scores[row * classes + best]!) best = at;
  }
  return best;
}

/** By how much the label's score lies above the best other; negative where the model errs. Row-major scores of one row. */
export function marginOf(scores: Float32Array, row: number, classes: number, label: number): number {
  let other = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < classes; at++) if (at !== label) other = Math.max(other, scores[row * classes + at]!);
  return scores[row * classes + label]! - other;
}

/** The classes other than the label, by falling score: the k-th target of a targeted attack. */
export function rivals(scores: Float32Array, row: number, classes: number, label: number): number[] {
  const others = Array.from({ length: classes }, (_, at) => at).filter((at) => at !== label);
  return others.sort((a, b) => scores[row * classes + b]! - scores[row * classes + a]! || a - b);
}

/** Whether a loss needs a target. */
export const isTargeted = (loss: Loss): boolean => loss === "targeted-margin" || loss === "targeted-dlr";
