import { readFileSync } from "node:fs";
import type { MetricName } from "../../tensor/index.ts";
import type { ScoredPredictions } from "../needs/predictions.ts";

interface Part {
  readonly truth: readonly number[];
  readonly answers: readonly number[];
  readonly probabilities: readonly number[];
  readonly values: { readonly [M in MetricName]: number };
  readonly accuracyWilson: readonly [number, number];
  readonly accuracyExact: readonly [number, number];
}

interface QualityCase {
  readonly classes: number;
  readonly train: Part;
  readonly test: Part;
  /** Another model on the test rows. */
  readonly other: Part;
  /** Newcombe's interval of the accuracy on the training rows less that on the test rows. */
  readonly accuracyGap: readonly [number, number];
  readonly membershipAuc: number;
}

const vector = JSON.parse(readFileSync(new URL("../../../vectors/controls/quality.json", import.meta.url), "utf8")) as {
  readonly cases: { readonly [name: string]: QualityCase };
};

/** Models of real data as scikit-learn, statsmodels and SciPy measure them (fixtures/controls/quality.py). */
export const qualityCases = Object.entries(vector.cases);

export const answersOfPart = ({ truth, answers, probabilities }: Part, classes: number): ScoredPredictions => ({
  rows: truth.length,
  classes: Array.from({ length: classes }, (_, at) => `class ${at}`),
  truth: Int32Array.from(truth),
  answers: Int32Array.from(answers),
  probabilities: Float64Array.from(probabilities),
});
