import type { Constant } from "../onnx/index.ts";
import { float32s } from "./feed.ts";
import type { LossGraph } from "./loss-gradient.ts";

/** Answers for rows, in the order in which they were given; all rounded to float32. */
export interface Gradients {
  /** The loss of each row. */
  readonly loss: Float32Array;
  /** For each input by which is differentiated: the gradient of each row's own loss, row-major, of the shape of what was given. By a weight: that of the sum over all rows. */
  readonly gradients: Readonly<Record<string, Float32Array>>;
  /** Row-major [rows, classes]: the scores before they become probabilities. */
  readonly logits: Float32Array;
}

type Answers = Readonly<Record<string, Constant>>;

/** The answers of several batches in one: those of rows one after the other, those by weights added up. `parts` hold [from, to) of the rows each. */
export function gathered(
  graph: LossGraph,
  rows: number,
  parts: readonly { readonly answers: Answers; readonly from: number; readonly to: number }[],
): Gradients {
  const joined = (name: string): Float32Array => {
    const [first] = parts;
    const all = first === undefined ? new Float32Array() : float32s(first.answers[name] as Constant);
    if (rows === graph.rows) return all;
    const width = all.length / graph.rows;
    const whole = new Float32Array(rows * width);
    for (const { answers, from, to } of parts)
      whole.set(float32s(answers[name] as Constant).subarray(0, (to - from) * width), from * width);
    return whole;
  };
  const summed = (name: string): Float32Array => {
    const [first, ...rest] = parts.map(({ answers }) => float32s(answers[name] as Constant));
    for (const each of rest) for (const [at, value] of each.entries()) first![at]! += value;
    return first ?? new Float32Array();
  };
  const gradients = Object.entries(graph.gradients).map(([by, name]) => [by, graph.weights.has(by) ? summed(name) : joined(name)] as const);
  return { loss: joined(graph.losses), logits: joined(graph.logits), gradients: Object.fromEntries(gradients) };
}
