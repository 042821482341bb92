import type { ScoredPredictions } from "../../needs/predictions.ts";
import { favourableIndex } from "../favourable.ts";

/** What a model says of the rows with a label, and whether it came true. */
export interface Claims {
  /** The rows, ascending. */
  readonly rows: Int32Array;
  /** Of two classes the probability of the favourable one (of the second where none is declared), of more that of the class answered. */
  readonly confidences: Float64Array;
  /** 1 where it came true. */
  readonly happened: Uint8Array;
  readonly of: { readonly probability: string };
}

export function claimsOf({ truth, answers, probabilities, classes }: ScoredPredictions, favourable: string | null): Claims {
  const two = classes.length === 2;
  const positive = !two ? -1 : favourable === null ? 1 : favourableIndex(classes, favourable);
  const rows = Int32Array.from(truth.keys()).filter((row) => truth[row]! >= 0);
  const claimed = (row: number) => (two ? positive : answers[row]!);
  return {
    rows,
    confidences: Float64Array.from(rows, (row) => probabilities[row * classes.length + claimed(row)]!),
    happened: Uint8Array.from(rows, (row) => (truth[row] === claimed(row) ? 1 : 0)),
    of: { probability: two ? (classes[positive] ?? "") : "the class answered" },
  };
}
