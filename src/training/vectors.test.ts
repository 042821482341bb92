import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dense, fitEncoder, fitLogistic, fitNeighbours, fitTree } from "./index.ts";
import { tableOf } from "./testing/tables.ts";

/** fixtures/training/make_vectors.py: scikit-learn's estimators on the same rows. */
interface Vector {
  readonly train: Parameters<typeof tableOf>[0];
  readonly test: Parameters<typeof tableOf>[0];
  readonly labels: readonly number[];
  readonly names: readonly string[];
  readonly encoded: readonly number[];
  readonly logistic: Expected & { readonly c: number; readonly coefficients: number[][]; readonly intercepts: number[] };
  readonly tree: Expected & Tied & { readonly maxDepth: number; readonly minLeaf: number };
  readonly neighbours: Expected & Tied & { readonly k: number };
}
interface Expected {
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
}
/** Rows for which several answers are right. */
interface Tied {
  readonly tied: readonly number[];
}

const read = (name: string): Vector => JSON.parse(readFileSync(new URL(`../../vectors/training/${name}.json`, import.meta.url), "utf8"));

const apart = (ours: ArrayLike<number>, theirs: ArrayLike<number>, width: number, { tied }: Tied = { tied: [] }) => {
  expect(ours.length).toBe(theirs.length);
  let most = 0;
  for (let at = 0; at < ours.length; at++) {
    if (!tied.includes(Math.floor(at / width))) most = Math.max(most, Math.abs((ours[at] ?? Number.NaN) - (theirs[at] ?? Number.NaN)));
  }
  return most;
};

describe.each(["adult", "breast-cancer", "wine", "digits"])("on the table %s", (name) => {
  const vector = read(name);
  const classes = [...new Set(vector.labels)].map(String);
  const table = tableOf(vector.train);
  const test = tableOf(vector.test);
  const training = { table, features: Object.keys(vector.train), labels: Int32Array.from(vector.labels), classes };

  it("columns are encoded as the same rule in pandas does", () => {
    const encoder = fitEncoder(table, training.features);
    expect(encoder.names).toEqual(vector.names);
    const values = dense(encoder, encoder.transform(test));
    expect(values.length).toBe(test.rows * vector.names.length);
    expect(apart(values.subarray(0, vector.encoded.length), vector.encoded, 1)).toBeLessThan(1e-9);
  });

  it("logistic regression has scikit-learn's coefficients, intercepts and probabilities", () => {
    const { c, coefficients, intercepts, labels, probabilities } = vector.logistic;
    const fitted = fitLogistic(training, { c });
    expect(apart(fitted.parameters.coefficients.flat(), coefficients.flat(), 1)).toBeLessThan(1e-5);
    expect(apart(fitted.parameters.intercepts, intercepts, 1)).toBeLessThan(1e-5);
    const answers = fitted.predict(test);
    expect([...answers.labels]).toEqual(labels);
    expect(apart(answers.probabilities, probabilities, classes.length)).toBeLessThan(1e-5);
  });

  it("a tree answers as scikit-learn's does, wherever that one's answer does not hang on its seed", () => {
    const answers = fitTree(training, vector.tree).predict(test);
    expect(apart(answers.probabilities, vector.tree.probabilities, classes.length, vector.tree)).toBeLessThan(1e-7);
  });

  it("nearest neighbours vote as scikit-learn's do, wherever the last of them is not tied", () => {
    const answers = fitNeighbours(training, vector.neighbours).predict(test);
    expect(apart(answers.probabilities, vector.neighbours.probabilities, classes.length, vector.neighbours)).toBeLessThan(1e-7);
    expect(apart(answers.labels, vector.neighbours.labels, 1, vector.neighbours)).toBe(0);
  });
});
