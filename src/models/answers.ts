import type { Tensor } from "onnxruntime-node";
import { Problem, quoted } from "../base/index.ts";
import { classIndex, listed } from "./labels.ts";
import type { Answers, ModelBinding } from "./model.ts";

/** Collects the answers of batch after batch, checking each value. */
export interface Collector {
  add(outputs: { readonly [name: string]: Tensor }, start: number, count: number): void;
  readonly answers: Answers;
}

export function collector(rows: number, { classes, answers, scoreOutput, labelOutput, scores }: ModelBinding): Collector {
  const k = classes.length;
  const labels = new Int32Array(rows);
  const probabilities = scoreOutput === null ? null : new Float64Array(rows * k);
  const labelAt = labelReader(answers);
  return {
    answers: { rows, classes, labels, probabilities },
    add(outputs, start, count) {
      if (probabilities !== null && scoreOutput !== null) {
        const part = probabilities.subarray(start * k, (start + count) * k);
        readScores(scoresOf(outputs, scoreOutput, count), part, { k, count, start, name: scoreOutput });
        if (scores === "logits") fromLogits(part, k, scoreWidth(outputs[scoreOutput], count));
        checkProbabilities(part, k, start, scoreOutput, scores);
      }
      if (labelOutput !== null) readLabels(outputs[labelOutput], labelAt, labels, { start, count, name: labelOutput });
      else if (probabilities !== null) largest(probabilities, k, labels, start, count);
    },
  };
}

const invalid = (what: string, row: number, remedy: string) => new Problem("MODEL_ANSWERS_INVALID", what, { at: `row ${row}`, remedy });

function scoresOf(outputs: { readonly [name: string]: Tensor }, name: string, count: number): Float32Array | Float64Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    throw invalid(`output ${quoted(name)} holds no scores`, 0, "Name the output that does: `output: { scores: ... }`.");
  if (count === 0 || data.length % count !== 0)
    throw invalid(
      `output ${quoted(name)} gives ${data.length} scores for ${count} rows`,
      0,
      "Export the model so that it answers one row of scores per row.",
    );
  return data;
}

const scoreWidth = (tensor: Tensor | undefined, count: number) => (tensor?.size ?? 0) / count;

/** One score for two classes: a probability is the second's; a logit is against zero for the first. */
function readScores(
  data: Float32Array | Float64Array,
  into: Float64Array,
  { k, count, start, name }: { k: number; count: number; start: number; name: string },
) {
  const width = data.length / count;
  if (width !== k && !(width === 1 && k === 2)) {
    throw invalid(
      `output ${quoted(name)} gives ${width} scores per row; ${k} classes are named`,
      start,
      "Name as many `classes` as the model gives scores, in their order.",
    );
  }
  if (width === k) into.set(data);
  else for (let row = 0; row < count; row++) into[2 * row + 1] = data[row]!;
  if (width < k) for (let row = 0; row < count; row++) into[2 * row] = 1 - into[2 * row + 1]!;
  for (let at = 0; at < into.length; at++) {
    if (!Number.isFinite(into[at])) throw notFinite(into[at]!, start + Math.floor(at / k));
  }
}

const notFinite = (value: number, row: number) =>
  invalid(
    `the model answers ${value}`,
    row,
    "Look at this row: a model that cannot take empty values must be given them filled in, as in training.",
  );

/** Softmax per row, shifted by the largest; with one logit, its logistic function. */
function fromLogits(values: Float64Array, k: number, width: number) {
  for (let from = 0; from < values.length; from += k) {
    if (width === 1) values[from] = 0;
    let most = values[from]!;
    for (let at = from + 1; at < from + k; at++) if (values[at]! > most) most = values[at]!;
    let sum = 0;
    for (let at = from; at < from + k; at++) sum += values[at] = Math.exp(values[at]! - most);
    for (let at = from; at < from + k; at++) values[at] = values[at]! / sum;
  }
}

const slack = 1e-3;

function checkProbabilities(values: Float64Array, k: number, start: number, name: string, kind: ModelBinding["scores"]) {
  if (kind === "logits") return;
  for (let from = 0; from < values.length; from += k) {
    let sum = 0;
    for (let at = from; at < from + k; at++) {
      const value = values[at]!;
      if (value < -slack || value > 1 + slack) throw likelyLogits(`${value} in output ${quoted(name)} is no probability`, start + from / k);
      sum += value;
      values[at] = Math.min(Math.max(value, 0), 1);
    }
    if (Math.abs(sum - 1) > slack) throw likelyLogits(`the scores in output ${quoted(name)} sum to ${sum}, not to 1`, start + from / k);
  }
}

const likelyLogits = (what: string, row: number) =>
  invalid(
    what,
    row,
    "The output likely holds logits or margins: say `output: { kind: logits }` to turn them into probabilities, or name the output that holds probabilities.",
  );

type LabelReader = (value: string | number | bigint) => number | undefined;

function labelReader(answers: readonly string[]): LabelReader {
  const indexOf = classIndex(answers);
  const known = new Map<string | number | bigint, number | undefined>();
  return (value) => {
    if (!known.has(value) && known.size < 100_000) known.set(value, indexOf(String(value)));
    return known.get(value);
  };
}

function readLabels(
  tensor: Tensor | undefined,
  labelAt: LabelReader,
  into: Int32Array,
  { start, count, name }: { start: number; count: number; name: string },
) {
  const data = tensor?.data as ArrayLike<string | number | bigint> | undefined;
  if (data?.length !== count)
    throw invalid(
      `output ${quoted(name)} gives ${data?.length ?? 0} labels for ${count} rows`,
      start,
      "Export the model so that it answers one label per row.",
    );
  for (let row = 0; row < count; row++) {
    const value = data[row]!;
    const index = labelAt(value);
    if (index === undefined)
      throw invalid(
        `the model answers ${listed([String(value)])}, which is none of its classes`,
        start + row,
        "Name all its `classes`, as its label output writes them or in the order of its scores.",
      );
    into[start + row] = index;
  }
}

function largest(values: Float64Array, k: number, into: Int32Array, start: number, count: number) {
  for (let row = start; row < start + count; row++) {
    let best = 0;
    for (let index = 1; index < k; index++) if (values[row * k + index]! > values[row * k + best]!) best = index;
    into[row] = best;
  }
}
