import type { Tensor } from "onnxruntime-node";
import { quoted } from "../base/index.ts";
import { classIndex, listed } from "./labels.ts";
import type { Answers, OnnxBinding } from "./model.ts";
import { batchOf, invalidAnswer, readScores, type Scores } from "./scores.ts";

/** Collects the answers of batch after batch, checking each value. */
export interface Collector {
  /** What it wants of the model. */
  readonly outputs: readonly string[];
  add(outputs: { readonly [name: string]: Tensor }, start: number, count: number): void;
  readonly answers: Answers;
}

/** Outputs that stand for the model's own: its scores as float32, and its labels as indices of classes. */
export interface Wanted {
  readonly scores?: string | undefined;
  readonly labelCodes?: string | undefined;
}

export function collector(rows: number, binding: OnnxBinding, { scores: widened, labelCodes }: Wanted): Collector {
  const { classes, scoreOutput, scores } = binding;
  const k = classes.length;
  const labels = new Int32Array(rows);
  const probabilities = scoreOutput === null ? null : new Float64Array(rows * k);
  const labelOutput = labelCodes ?? binding.labelOutput;
  const scoresFrom = widened ?? scoreOutput;
  const readLabels = labelReader(labelCodes === undefined ? binding.answers : classes.map((_, index) => String(index)));
  return {
    outputs: [scoresFrom, labelOutput].filter((name) => name !== null),
    answers: { rows, classes, labels, probabilities },
    add(outputs, start, count) {
      if (probabilities !== null && scoreOutput !== null && scoresFrom !== null) {
        const given = scoresOf(outputs[scoresFrom], { start, count, name: scoreOutput });
        readScores(given, probabilities.subarray(start * k, (start + count) * k), k, scores, batchOf(scoreOutput, start, count));
      }
      if (labelOutput !== null) readLabels(outputs[labelOutput], labels, { start, count, name: labelOutput });
      else if (probabilities !== null) largest(probabilities, k, labels, start, count);
    },
  };
}

interface Part {
  readonly start: number;
  readonly count: number;
  /** The output's name. */
  readonly name: string;
}

function scoresOf(tensor: Tensor | undefined, { start, count, name }: Part): Scores {
  const data = tensor?.data;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw invalidAnswer(`output ${quoted(name)} holds no scores`, start, "Name the output that does: `output: { scores: ... }`.");
  }
  if (data.length === 0 || data.length % count !== 0) {
    throw invalidAnswer(
      `output ${quoted(name)} gives ${data.length} scores for ${count} rows`,
      start,
      "Export the model so that it answers each row by itself.",
    );
  }
  return data;
}

type LabelReader = (tensor: Tensor | undefined, into: Int32Array, part: Part) => void;

/** Reads answered labels as indices of classes. Whole numbers, the usual case, without making an object of each. */
function labelReader(answers: readonly string[]): LabelReader {
  const indexOf = classIndex(answers);
  const small = Int32Array.from({ length: 1024 }, (_, value) => indexOf(String(value)) ?? -1);
  const known = new Map<unknown, number>();
  const find = (value: unknown) => {
    const found = known.get(value) ?? indexOf(String(value)) ?? -1;
    if (known.size < 100_000) known.set(value, found);
    return found;
  };
  return (tensor, into, { start, count, name }) => {
    const data = tensor?.data;
    if (data === undefined || data.length !== count) {
      throw invalidAnswer(
        `output ${quoted(name)} gives ${data?.length ?? 0} labels for ${count} rows`,
        start,
        "Export the model so that it answers each row by itself.",
      );
    }
    const words = data instanceof BigInt64Array ? new Int32Array(data.buffer, data.byteOffset, 2 * count) : undefined; // little-endian everywhere we run
    for (let row = 0; row < count; row++) {
      const isSmall = words !== undefined && words[2 * row + 1] === 0 && words[2 * row]! >= 0 && words[2 * row]! < small.length;
      const index = isSmall ? small[words[2 * row]!]! : find(data[row]);
      if (index < 0) throw unknownAnswer(String(data[row]), start + row);
      into[start + row] = index;
    }
  };
}

const unknownAnswer = (label: string, row: number) =>
  invalidAnswer(
    label === "-1"
      ? "the model answers a label that is none of its classes"
      : `the model answers ${listed([label])}, which is none of its classes`,
    row,
    "Name all its `classes`, as its label output writes them or in the order of its scores.",
  );

/** The class of the highest score of each row, the first of equals. */
export function largest(values: Float64Array, k: number, into: Int32Array, start: number, count: number) {
  if (k === 2) return largerOfTwo(values, into, start, count);
  for (let row = start, from = start * k; row < start + count; row++, from += k) {
    let best = 0;
    let most = values[from]!;
    for (let index = 1; index < k; index++) {
      if (values[from + index]! <= most) continue;
      best = index;
      most = values[from + index]!;
    }
    into[row] = best;
  }
}

function largerOfTwo(values: Float64Array, into: Int32Array, start: number, count: number) {
  for (let row = start, at = 2 * start; row < start + count; row++, at += 2) into[row] = Number(values[at + 1]! > values[at]!);
}
