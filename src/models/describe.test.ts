import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { problemsOf } from "../base/index.ts";
import { guarded, parseModel } from "../onnx/index.ts";
import { factsOf } from "./describe.ts";
import { describeModel } from "./index.ts";
import { exportersFolder, namesIn, zooFolder, zooNames, zooPath } from "./zoo.fixture.ts";

const describing = (name: string) => describeModel(zooPath(name), zooFolder);

test("a classifier's file tells its versions, inputs, outputs and size", async () => {
  expect(await describing("logistic-plain")).toMatchObject({
    bytes: readFileSync(zooPath("logistic-plain")).length,
    producer: expect.stringMatching(/^skl2onnx 1\.20/),
    inputs: [{ name: "X", type: "float32", shape: [null, 8] }],
    labelOutput: "label",
    scoreOutput: "probabilities",
    classes: ["0", "1"],
    scoreCount: 2,
  });
});

test("the numbers that a net stores are counted", async () => {
  expect((await describing("net-softmax")).parameters).toBe(4 * 6 + 6 + 6 * 3 + 3);
});

test.each([
  ["net-logits", "logits"],
  ["net-one-logit", "logits"],
  ["net-softmax", "probabilities"],
  ["net-sigmoid", "probabilities"],
  ["perceptron", "probabilities"],
])("the last operator of %s tells that its scores are %s", async (name, kind) => {
  expect((await describing(name)).scores).toBe(kind);
});

test.each([
  ["torch-residual", "logits"], // a bias after a product
  ["torch-words", "logits"], // a softmax of logarithms
  ["torch-categories", "probabilities"], // a sigmoid
  ["tf-lstm", "probabilities"],
  ["quantised-qdq", "logits"], // through quantising and its opposite
  ["quantised-qoperator", "logits"],
  ["quantised-dynamic-plain", "logits"], // a product of integers, scaled
  ["float16-shuffle", "logits"],
  ["skl-regression", "amounts"],
  ["skl-calibrated", null],
])("the last operators of %s tell that its scores are %s", async (name, kind) => {
  expect((await describeModel(join(exportersFolder, `${name}.onnx`), exportersFolder)).scores).toBe(kind);
});

test.each([
  ["hand-open-shape", "scores", 3], // [N, 3, 1, 1]
  ["torch-categories", "scores", 1],
  ["tf-attention", "Identity:0", 3],
])("the scores of %s are %s, %i for each row", async (name, scoreOutput, scoreCount) => {
  expect(await describeModel(join(exportersFolder, `${name}.onnx`), exportersFolder)).toMatchObject({ scoreOutput, scoreCount });
});

test.each([
  ["logistic-zipmap", ["benign", "malignant"]],
  ["svc-zipmap", ["setosa", "versicolor", "virginica"]],
  ["perceptron", ["class_0", "class_1", "class_2"]],
  ["columns-zipmap", ["granted", "refused"]],
  ["xgboost-missing", ["0", "1"]],
  ["lightgbm-three-classes", ["0", "1", "2"]],
  ["net-softmax", null],
])("the classes of %s are found in its file: %j", async (name, classes) => {
  expect((await describing(name)).classes).toEqual(classes);
});

test("a model that answers labels alone has no scores", async () => {
  expect(await describing("net-labels-alone")).toMatchObject({ labelOutput: "answer", scoreOutput: null, scores: null });
});

test("a model with random changes is described or refused, never more", () => {
  const paths = [...zooNames.map(zooPath), ...namesIn(exportersFolder).map((name) => join(exportersFolder, `${name}.onnx`))];
  const models = paths.map((path) => new Uint8Array(readFileSync(path)));
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const describe = (bytes: Uint8Array) => guarded("m", () => factsOf(parseModel(bytes, "m")));
  fc.assert(
    fc.property(fc.nat(models.length - 1), changes, (which, edits) => {
      const bytes = new Uint8Array(models[which] ?? []);
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
      try {
        describe(bytes);
      } catch (error) {
        if (problemsOf(error).length === 0) throw error;
      }
    }),
    { numRuns: 3000, seed: 12 },
  );
});
