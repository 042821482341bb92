import type { Json, Place } from "../base/index.ts";
import { Problem } from "../base/index.ts";
import type { Table } from "../data/index.ts";

/** What a baseline learns from. */
export interface TrainingSet {
  readonly table: Table;
  /** The columns that it may use, in this order. */
  readonly features: readonly string[];
  /** Class of each row as an index into `classes`; rows with a negative one are left out. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Where the training table lies, for problems. */
  readonly place?: Place;
}

export interface Answers {
  /** The most likely class of each row, the first of equal ones. */
  readonly labels: Int32Array;
  /** Row-major [rows, classes]. */
  readonly probabilities: Float64Array;
}

/** `done` of `total` steps of `what`. */
export type Progress = (done: number, total: number, what: string) => void;

/** A fitted baseline. The same training set and parameters give the same one, bit by bit. */
export interface Fitted<P extends { readonly [name: string]: Json } = { readonly [name: string]: Json }> {
  readonly name: "majority" | "logistic" | "tree" | "neighbours";
  readonly parameters: P;
  /** The table needs the features' columns, of the kinds they had in training. */
  predict(table: Table, progress?: Progress): Answers;
}

/** The rows with a label and the number of rows of each class; a label of one class only is a Problem: there is nothing to tell apart. */
export function labelledRows({ labels, classes, place = {} }: TrainingSet): { rows: Int32Array; counts: Float64Array } {
  const rows = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
  const counts = new Float64Array(classes.length);
  for (const row of rows) counts[labels[row]!]! += 1;
  if (counts.filter((count) => count > 0).length < 2) {
    throw new Problem("LABEL_ONE_CLASS", "the label column holds fewer than two classes, so that nothing can be learned from it", {
      ...place,
      remedy: "Check that `label` names the right column and that the training split holds rows of every class.",
    });
  }
  return { rows, counts };
}

/** The most likely class of each row. */
export function mostLikely(probabilities: Float64Array, classes: number): Int32Array {
  const labels = new Int32Array(probabilities.length / classes);
  for (let row = 0; row < labels.length; row++) {
    for (let at = 1; at < classes; at++) {
      if (probabilities[row * classes + at]! > probabilities[row * classes + labels[row]!]!) labels[row] = at;
    }
  }
  return labels;
}
