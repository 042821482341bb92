import { Problem, quoted } from "../base/index.ts";
import type { OnnxBinding } from "./model.ts";

export type Scores = Float32Array | Float64Array;

export const invalidAnswer = (what: string, row: number, remedy: string) =>
  new Problem("MODEL_ANSWERS_INVALID", what, { at: `row ${row}`, remedy });

/** Where a batch of scores stands: for messages. */
export interface Batch {
  /** The table's row of the batch's first. */
  readonly start: number;
  readonly count: number;
  /** Where scores stand, in words: output “p” of the model. */
  readonly where: string;
  /** How logits are declared where they stand: `output: { kind: logits }`. */
  readonly asLogits: string;
}

/** The same, of an output of a model. */
export const batchOf = (output: string, start: number, count: number): Batch => ({
  start,
  count,
  where: `output ${quoted(output)} of the model`,
  asLogits: "`output: { kind: logits }`",
});

/** Writes a batch of scores [count, width] as probabilities [count, k] into `into`; throws MODEL_ANSWERS_INVALID where they are none. */
export function readScores(scores: Scores, into: Float64Array, k: number, kind: OnnxBinding["scores"], batch: Batch): void {
  const width = scores.length / batch.count;
  const isOneOfTwo = width === 1 && k === 2;
  if (width !== k && !isOneOfTwo) {
    const what = `${batch.where} gives ${width} scores per row; ${k} classes are named`;
    throw invalidAnswer(what, batch.start, "Name as many `classes` as the model gives scores, in their order.");
  }
  const reading = isOneOfTwo ? (kind === "logits" ? oneLogit : oneProbability) : kind === "logits" ? softmax : probabilities;
  const failing = reading(scores, into, k);
  if (failing >= 0) throw explained(scores.subarray(failing * width, (failing + 1) * width), failing, batch);
}

/** How far from a probability rounding may lead. */
const slack = 1e-3;

// Each of these returns the first row that is no distribution, or -1. NaN fails every comparison, hence the negations.

function probabilities(scores: Scores, into: Float64Array, k: number): number {
  if (k === 2 && areSimplePairs(scores, into)) return -1;
  for (let row = 0, at = 0; at < scores.length; row++) {
    let sum = 0;
    for (const end = at + k; at < end; at++) {
      const value = scores[at]!;
      sum += value;
      into[at] = value;
      if (value >= 0 && value <= 1) continue;
      if (!(value >= -slack && value <= 1 + slack)) return row;
      into[at] = value < 0 ? 0 : 1;
    }
    if (!(Math.abs(sum - 1) <= slack)) return row;
  }
  return -1;
}

/** The usual case, in one comparison of each kind a row; false sends whatever is unusual to the loop that looks closely. */
function areSimplePairs(scores: Scores, into: Float64Array): boolean {
  for (let at = 0; at < scores.length; at += 2) {
    const first = scores[at]!;
    const second = scores[at + 1]!;
    if (!(first >= 0 && second >= 0 && first <= 1 && second <= 1 && Math.abs(first + second - 1) <= slack)) return false;
    into[at] = first;
    into[at + 1] = second;
  }
  return true;
}

/** One probability for two classes is the second's. */
function oneProbability(scores: Scores, into: Float64Array): number {
  for (let row = 0; row < scores.length; row++) {
    const value = scores[row]!;
    if (!(value >= -slack && value <= 1 + slack)) return row;
    into[2 * row + 1] = Math.min(Math.max(value, 0), 1);
    into[2 * row] = 1 - into[2 * row + 1]!;
  }
  return -1;
}

/** Shifted by the largest, so that nothing overflows. */
function softmax(scores: Scores, into: Float64Array, k: number): number {
  for (let row = 0, from = 0; from < scores.length; row++, from += k) {
    let most = scores[from]!;
    for (let at = from + 1; at < from + k; at++) if (scores[at]! > most) most = scores[at]!;
    let sum = 0;
    for (let at = from; at < from + k; at++) sum += into[at] = Math.exp(scores[at]! - most);
    if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return row;
    for (let at = from; at < from + k; at++) into[at] = into[at]! / sum;
  }
  return -1;
}

/** The logistic function, on both sides without cancellation. */
function oneLogit(scores: Scores, into: Float64Array): number {
  for (let row = 0; row < scores.length; row++) {
    const value = scores[row]!;
    if (Number.isNaN(value)) return row;
    into[2 * row] = 1 / (1 + Math.exp(value));
    into[2 * row + 1] = 1 / (1 + Math.exp(-value));
  }
  return -1;
}

function explained(scores: Scores, row: number, { start, where, asLogits }: Batch): Problem {
  const odd = scores.find((value) => !Number.isFinite(value));
  if (odd !== undefined) {
    const remedy = "Look at this row: a model that cannot take empty values must be given them filled in, as in training.";
    return invalidAnswer(`${where} answers ${odd}`, start + row, remedy);
  }
  const outside = scores.find((value) => value < -slack || value > 1 + slack);
  let sum = 0;
  for (const value of scores) sum += value;
  const what = outside === undefined ? `the scores in ${where} sum to ${sum}, not to 1` : `${outside} in ${where} is no probability`;
  const remedy = `These are likely logits or margins: say ${asLogits} to make probabilities of them, or name what holds probabilities.`;
  return invalidAnswer(what, start + row, remedy);
}
