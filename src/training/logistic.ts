import { type Encoded, encodedRows, fitEncoder } from "./encoder.ts";
import { addTransposed, type Linear, linearScores } from "./linear.ts";
import { minimise, type Smooth } from "./newton.ts";
import { applyCovariance, toProbabilities } from "./softmax.ts";
import { type Answers, type Fitted, labelledRows, mostLikely, type Progress, type TrainingSet } from "./training.ts";

export interface LogisticOptions {
  /** Inverse strength of the L2 penalty, as in scikit-learn: the sum of losses + |w|² / (2 c); 1 unless said. */
  readonly c?: number;
  /** The largest gradient per row at which to stop; 1e-9 unless said. */
  readonly tolerance?: number;
  readonly progress?: Progress;
}

/** One vector of weights for two classes (of the second), else one per class; the last of each is the intercept. */
export type LogisticParameters = {
  readonly c: number;
  readonly features: readonly string[];
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
};

/**
 * Logistic regression with an L2 penalty, multinomial for more than two classes, on the encoded features; the intercepts are not penalised. Solved to convergence (largest
 * gradient below 1e-9 per row unless said), so that the answer does not depend on the solver. Classes that training lacks have probability 0.
 */
export function fitLogistic(
  training: TrainingSet,
  { c = 1, tolerance = 1e-9, progress }: LogisticOptions = {},
): Fitted<LogisticParameters> {
  const { rows, counts } = labelledRows(training);
  const encoder = fitEncoder(training.table, training.features, rows);
  const encoded = encodedRows(encoder.transform(training.table), rows);
  const present = Int32Array.from(counts.keys()).filter((at) => counts[at]! > 0);
  const place = new Map([...present].map((label, at) => [label, at]));
  const targets = Int32Array.from(rows, (row) => place.get(training.labels[row]!) ?? -1);
  const model: Linear = { blocks: encoder.blocks, size: encoder.names.length + 1, vectors: present.length === 2 ? 1 : present.length };
  const weights = minimise(penalised(encoded, targets, model, c), model.size * model.vectors, tolerance, progress);
  centreIntercepts(weights, model);
  return {
    name: "logistic",
    parameters: { c, features: encoder.names, ...readable(weights, model) },
    predict: (table) => answer(encoder.transform(table), weights, model, present, training.classes.length),
  };
}

/** The penalised loss per row. */
function penalised(encoded: Encoded, targets: Int32Array, model: Linear, c: number): Smooth {
  const { size, vectors } = model;
  const penalty = Float64Array.from({ length: size * vectors }, (_, at) => (at % size === size - 1 ? 0 : 1 / (c * encoded.rows)));
  const probabilities = new Float64Array(encoded.rows * vectors);
  const work = new Float64Array(encoded.rows * vectors);
  const finish = (factors: Float64Array, weights: Float64Array) => {
    const result = new Float64Array(weights.length);
    addTransposed(encoded, factors, model, result);
    for (let at = 0; at < result.length; at++) result[at] = result[at]! / encoded.rows + penalty[at]! * weights[at]!;
    return result;
  };
  return {
    value(weights) {
      linearScores(encoded, weights, model, probabilities);
      const loss = toProbabilities(probabilities, vectors, targets);
      return loss / encoded.rows + weights.reduce((sum, weight, at) => sum + (penalty[at]! * weight * weight) / 2, 0);
    },
    gradient(weights) {
      work.set(probabilities);
      for (let row = 0; row < encoded.rows; row++) {
        if (vectors === 1) work[row]! -= targets[row]!;
        else work[row * vectors + targets[row]!]! -= 1;
      }
      return finish(work, weights);
    },
    curvature(direction) {
      linearScores(encoded, direction, model, work);
      applyCovariance(probabilities, work, vectors);
      return finish(work, direction);
    },
    diagonal() {
      for (let at = 0; at < work.length; at++) work[at] = probabilities[at]! * (1 - probabilities[at]!);
      const squared: Encoded = { ...encoded, numbers: encoded.numbers.map((value) => value * value) };
      const result = new Float64Array(penalty.length);
      addTransposed(squared, work, model, result);
      return result.map((value, at) => value / encoded.rows + penalty[at]!);
    },
  };
}

/** A constant added to all intercepts changes nothing; the one with mean 0 is taken. */
function centreIntercepts(weights: Float64Array, { size, vectors }: Linear): void {
  if (vectors === 1) return;
  let sum = 0;
  for (let at = size - 1; at < weights.length; at += size) sum += weights[at]!;
  for (let at = size - 1; at < weights.length; at += size) weights[at]! -= sum / vectors;
}

function readable(weights: Float64Array, { size, vectors }: Linear) {
  const each = Array.from({ length: vectors }, (_, at) => [...weights.subarray(at * size, (at + 1) * size)]);
  return { coefficients: each.map((vector) => vector.slice(0, -1)), intercepts: each.map((vector) => vector.at(-1) ?? 0) };
}

function answer(encoded: Encoded, weights: Float64Array, model: Linear, present: Int32Array, classes: number): Answers {
  const { vectors } = model;
  const scores = new Float64Array(encoded.rows * vectors);
  linearScores(encoded, weights, model, scores);
  toProbabilities(scores, vectors);
  const probabilities = new Float64Array(encoded.rows * classes);
  for (let row = 0; row < encoded.rows; row++) {
    for (const [at, label] of present.entries()) {
      const first = vectors === 1 && at === 0;
      probabilities[row * classes + label] = first ? 1 - scores[row]! : scores[row * vectors + (vectors === 1 ? 0 : at)]!;
    }
  }
  return { labels: mostLikely(probabilities, classes), probabilities };
}
