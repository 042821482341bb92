import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Problem, seededRandom } from "../base/index.ts";
import { dense, fitEncoder, fitLogistic, fitMajority, fitNeighbours, fitTree } from "./index.ts";
import { bytesSet } from "./sketch.ts";
import { tableOf } from "./testing/tables.ts";
import type { TrainingSet } from "./training.ts";

const baselines = { fitMajority, fitLogistic, fitTree, fitNeighbours };
type Baseline = (training: TrainingSet) => ReturnType<typeof fitMajority>;
const each = Object.entries(baselines) as readonly [string, Baseline][];

const kinds = fc.constantFrom("a", "b", "c", null);
const numbers = fc.oneof(fc.double({ noNaN: false }), fc.integer({ min: -3, max: 3 }), fc.constant(null));
const tables = fc
  .array(fc.record({ number: numbers, text: kinds, constant: fc.constant(4), label: fc.integer({ min: -1, max: 3 }) }), {
    minLength: 2,
    maxLength: 40,
  })
  .filter((rows) => new Set(rows.map(({ label }) => label).filter((label) => label >= 0)).size > 1);

const columnsOf = (rows: readonly { number: number | null; text: string | null; constant: number }[]) =>
  tableOf({
    number: rows.map(({ number }) => number),
    text: [...rows.map(({ text }) => text)],
    constant: rows.map(({ constant }) => constant),
  });

const trainingOf = (rows: readonly { number: number | null; text: string | null; constant: number; label: number }[]): TrainingSet => {
  const table = columnsOf(rows);
  return {
    table,
    features: ["number", "text", "constant"],
    labels: Int32Array.from(rows, ({ label }) => label),
    classes: ["p", "q", "r", "s"],
  };
};

describe.each(each)("%s", (_, learn) => {
  it("answers any table with probabilities that sum to 1, and twice the same", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const training = trainingOf(rows);
        const { labels, probabilities } = learn(training).predict(training.table);
        expect(learn(training).predict(training.table)).toEqual({ labels, probabilities });
        for (let row = 0; row < rows.length; row++) {
          const given = probabilities.subarray(row * 4, row * 4 + 4);
          expect(given.every((each) => each >= 0 && each <= 1 + 1e-12)).toBe(true);
          expect(given.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
          expect(labels[row]).toBe(given.indexOf(Math.max(...given)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives no probability to a class that training lacks", () => {
    const training: TrainingSet = {
      table: tableOf({ x: [1, 2, 3, 4] }),
      features: ["x"],
      labels: Int32Array.of(0, 2, 2, 0),
      classes: ["no", "never", "yes"],
    };
    const { probabilities } = learn(training).predict(training.table);
    expect([1, 4, 7, 10].map((at) => probabilities[at])).toEqual([0, 0, 0, 0]);
  });

  it("calls a label of one class a person's mistake, with its place", () => {
    const training = {
      table: tableOf({ x: [1, 2] }),
      features: ["x"],
      labels: Int32Array.of(1, -1),
      classes: ["no", "yes"],
      place: { file: "train.csv" },
    };
    expect(() => learn(training)).toThrow(Problem);
    expect(() => learn(training)).toThrow(expect.objectContaining({ code: "LABEL_ONE_CLASS", place: { file: "train.csv" } }));
  });

  it("leaves out rows without a label", () => {
    const known = { table: tableOf({ x: [1, 2, 3, 9, 5] }), features: ["x"], labels: Int32Array.of(0, 0, 1, 1, 1), classes: ["no", "yes"] };
    const more = { ...known, table: tableOf({ x: [1, 77, 2, 3, 9, null, 5] }), labels: Int32Array.of(0, -1, 0, 1, 1, -1, 1) };
    expect(learn(more).predict(known.table)).toEqual(learn(known).predict(known.table));
  });
});

describe("the encoder", () => {
  const training = tableOf({ size: [1, 3, null, 5], colour: ["red", null, "blue", "red"], same: [7, 7, 7, 7] });
  const encoder = fitEncoder(training, ["size", "colour", "same"]);
  const encode = (row: Parameters<typeof tableOf>[0]) =>
    [...dense(encoder, encoder.transform(tableOf(row)))].map((value) => Number(value.toFixed(6)));

  it("names its columns by what they mean", () => {
    expect(encoder.names).toEqual(["size", "size is missing", "same", "colour = blue", "colour = red", "colour = (missing)"]);
  });

  it("turns a category that training did not have into zeros, and a missing one into its own", () => {
    expect(encode({ size: [3], colour: ["green"], same: [7] })).toEqual([0, 0, 0, 0, 0, 0]);
    expect(encode({ size: [3, 3], colour: [null, "green"], same: [7, 7] }).slice(0, 6)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("puts the mean for a missing number and says so beside it; a constant column is zero, and an infinite number the largest one seen", () => {
    expect(encode({ size: [null], colour: ["red"], same: [7] })).toEqual([0, 1, 0, 0, 1, 0]);
    expect(encode({ size: [1e300], colour: ["red"], same: [9] })[0]).toBe(1e9);
    expect(encode({ size: [Number.POSITIVE_INFINITY], colour: ["red"], same: [9] })).toEqual(
      encode({ size: [5], colour: ["red"], same: [9] }),
    );
  });
});

describe("logistic regression", () => {
  it("stays finite where the classes can be told apart without error, and tells progress", () => {
    const training = { table: tableOf({ x: [-2, -1, 1, 2] }), features: ["x"], labels: Int32Array.of(0, 0, 1, 1), classes: ["no", "yes"] };
    const seen: number[] = [];
    const { parameters, predict } = fitLogistic(training, { c: 1e6, progress: (done) => seen.push(done) });
    expect(parameters.coefficients.flat().every(Number.isFinite)).toBe(true);
    expect([...predict(training.table).labels]).toEqual([0, 0, 1, 1]);
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe("nearest neighbours", () => {
  it("are the rows that a plain search over the dense encoding finds, unseen categories and more than 255 of them included", () => {
    const random = seededRandom(5, "neighbours");
    const pick = (rows: number, kinds: number) => Array.from({ length: rows }, () => `kind ${random.integer(kinds)}`);
    const table = (rows: number, kinds: number) =>
      tableOf({ many: pick(rows, kinds), few: pick(rows, 3), x: Array.from({ length: rows }, () => random.normal()) });
    const [known, asked] = [table(900, 600), table(60, 700)];
    const labels = Int32Array.from({ length: 900 }, () => random.integer(3));
    const training = { table: known, features: ["many", "few", "x"], labels, classes: ["a", "b", "c"] };
    const encoder = fitEncoder(known, training.features);
    const [near, far] = [dense(encoder, encoder.transform(known)), dense(encoder, encoder.transform(asked))];
    const width = encoder.names.length;
    const expected = Array.from({ length: 60 }, (_, row) => {
      const distances = Array.from({ length: 900 }, (_, other) => {
        let sum = 0;
        for (let at = 0; at < width; at++) sum += ((near[other * width + at] ?? 0) - (far[row * width + at] ?? 0)) ** 2;
        return { sum, label: labels[other] ?? 0 };
      });
      const votes = [0, 0, 0];
      for (const { label } of distances.sort((a, b) => a.sum - b.sum).slice(0, 7)) votes[label] = (votes[label] ?? 0) + 1;
      return votes.indexOf(Math.max(...votes));
    });
    expect([...fitNeighbours(training, { k: 7 }).predict(asked).labels]).toEqual(expected);
  });

  it("are the earlier ones of rows that are as far away", () => {
    const random = seededRandom(6, "ties");
    const table = (rows: number) =>
      tableOf({
        few: Array.from({ length: rows }, () => `kind ${random.integer(3)}`),
        x: Array.from({ length: rows }, () => random.integer(3)),
      });
    const [known, asked] = [table(400), table(30)];
    const labels = Int32Array.from({ length: 400 }, () => random.integer(4));
    const training = { table: known, features: ["few", "x"], labels, classes: ["a", "b", "c", "d"] };
    const encoder = fitEncoder(known, training.features);
    const [near, far] = [dense(encoder, encoder.transform(known)), dense(encoder, encoder.transform(asked))];
    const width = encoder.names.length;
    const expected = Array.from({ length: 30 }, (_, row) => {
      const away = (other: number) =>
        Array.from({ length: width }, (__, at) => ((near[other * width + at] ?? 0) - (far[row * width + at] ?? 0)) ** 2).reduce(
          (a, b) => a + b,
        );
      const order = Array.from({ length: 400 }, (__, other) => ({ other, distance: away(other) })).sort((a, b) => a.distance - b.distance);
      const share = (label: number) => order.slice(0, 5).filter(({ other }) => labels[other] === label).length / 5;
      return [0, 1, 2, 3].map(share);
    });
    const found = fitNeighbours(training, { k: 5 }).predict(asked).probabilities;
    for (const [at, share] of expected.flat().entries()) expect(found[at]).toBeCloseTo(share, 12);
  });

  it("counting the bytes of a word that are not zero agrees with looking at each", () => {
    fc.assert(
      fc.property(fc.integer(), (word) => {
        expect(bytesSet(word)).toBe([0, 8, 16, 24].filter((shift) => ((word >>> shift) & 255) !== 0).length);
      }),
    );
  });
});
