import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { TensorProto_DataLocation as Location, ModelProtoSchema, TensorProto_DataType as Type } from "onnx-buf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answers, bindModel, describeModel, measureLatency, type OnnxBinding, openModel } from "./index.ts";
import { factsOf, tableOf, zooFolder, zooPath, zooVector } from "./zoo.fixture.ts";

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "sextant-models-")));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function bound(name: string): Promise<OnnxBinding> {
  const { label, columns, declared } = zooVector(name);
  const facts = await describeModel(zooPath(name), zooFolder);
  return bindModel(
    { path: zooPath(name), root: zooFolder, facts },
    { model: name, dataset: "rows", columns: factsOf(columns), label, ...declared },
  );
}

type Columns = Parameters<typeof tableOf>[0];

async function answer(binding: OnnxBinding, columns: Columns, batch?: number): Promise<Answers> {
  await using model = await openModel(binding);
  return model.predict(tableOf(columns), { batch });
}

/** Some rows of a zoo model's columns, with some values replaced. */
function rows(name: string, count: number, changes: Columns = {}): Columns {
  const { columns } = zooVector(name);
  return { ...Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, values.slice(0, count)])), ...changes };
}

test.each([1, 7, 50, 5000])("answers do not depend on the batch, but for onnxruntime's rounding: %i rows at a time", async (batch) => {
  const binding = await bound("columns-plain");
  const whole = await answer(binding, rows("columns-plain", 50));
  const parts = await answer(binding, rows("columns-plain", 50), batch);
  expect(parts.labels).toEqual(whole.labels);
  const differences = whole.probabilities?.map((value, at) => Math.abs(value - (parts.probabilities?.[at] ?? Number.NaN)));
  expect(Math.max(...(differences ?? [Number.NaN]))).toBeLessThan(1e-6);
});

test("no rows give no answers", async () => {
  const answers = await answer(await bound("logistic-plain"), rows("logistic-plain", 0));
  expect(answers).toMatchObject({ rows: 0, classes: ["0", "1"] });
  expect(answers.probabilities).toHaveLength(0);
});

test("progress ends with all rows", async () => {
  const seen: number[] = [];
  await using model = await openModel(await bound("logistic-plain"));
  await model.predict(tableOf(rows("logistic-plain", 50)), { batch: 20, progress: (done) => seen.push(done) });
  expect(seen).toEqual([20, 40, 50]);
});

test("the model takes a missing text for the empty text", async () => {
  const binding = await bound("columns-plain");
  const missing = await answer(binding, rows("columns-plain", 2, { "work-class": [null, "private"] }));
  const empty = await answer(binding, rows("columns-plain", 2, { "work-class": ["", "private"] }));
  expect(missing).toEqual(empty);
});

test("numbers go to a text input as CSV writes whole numbers", async () => {
  const binding = await bound("columns-plain");
  const asNumbers = await answer(binding, rows("columns-plain", 2, { housing: [1, 2] }));
  const asTexts = await answer(binding, rows("columns-plain", 2, { housing: ["1", "2"] }));
  expect(asNumbers).toEqual(asTexts);
});

test("a net that says logits answers the same when it is declared to", async () => {
  const binding = await bound("net-logits");
  expect(binding.scores).toBe("logits");
  await expect(answer({ ...binding, scores: "probabilities" }, rows("net-logits", 5))).rejects.toMatchObject({
    code: "MODEL_ANSWERS_INVALID",
    remedy: expect.stringMatching(/kind: logits/),
  });
});

test.each<readonly [string, string, Columns, string, string]>([
  [
    "an empty number that a linear model cannot take",
    "logistic-plain",
    { "mean radius": [14, null, 13] },
    "MODEL_ANSWERS_INVALID",
    "row 1",
  ],
  ["an empty whole number", "logistic-whole-numbers", { age: [30, 40, null] }, "MODEL_INPUT_INVALID", "row 2"],
  ["a fraction where whole numbers go", "logistic-whole-numbers", { age: [30, 40.5, 50] }, "MODEL_INPUT_INVALID", "row 1"],
  ["a text without a code", "tree-ordinal", { housing: ["own", "rent", "castle"] }, "MODEL_INPUT_INVALID", "row 2"],
  ["a text that is none of the one-hot ones", "logistic-one-hot", { housing: ["castle", "rent", "own"] }, "MODEL_INPUT_INVALID", "row 0"],
])("%s is told with its row", async (_, name, changes, code, at) => {
  await expect(answer(await bound(name), rows(name, 3, changes))).rejects.toMatchObject({ code, place: { at } });
});

test("a label that is none of the classes is told with its row", async () => {
  const binding = await bound("net-labels-alone");
  await expect(answer({ ...binding, answers: ["7", "8", "9"] }, rows("net-labels-alone", 3))).rejects.toMatchObject({
    code: "MODEL_ANSWERS_INVALID",
    place: { at: "row 0" },
  });
  const texts = await bound("logistic-zipmap");
  await expect(answer({ ...texts, answers: ["x", "y"] }, rows("logistic-zipmap", 3))).rejects.toMatchObject({
    code: "MODEL_ANSWERS_INVALID",
    place: { at: "row 0" },
  });
});

/** y = x + w for two floats, w said to be elsewhere when `location` is given. */
async function writeSum({ location, opset = 17n, rows }: { location?: string; opset?: bigint; rows?: bigint }): Promise<string> {
  const dim = [
    { value: rows === undefined ? { case: "dimParam" as const, value: "N" } : { case: "dimValue" as const, value: rows } },
    { value: { case: "dimValue" as const, value: 2n } },
  ];
  const value = (name: string) => ({
    name,
    type: { value: { case: "tensorType" as const, value: { elemType: Type.FLOAT, shape: { dim } } } },
  });
  const stored = { name: "w", dataType: Type.FLOAT, dims: [2n] };
  const initializer =
    location === undefined
      ? { ...stored, floatData: [0.25, 0.25] }
      : { ...stored, dataLocation: Location.EXTERNAL, externalData: [{ key: "location", value: location }] };
  const node = opset < 6n ? [{ opType: "Relu", input: ["x"], output: ["y"] }] : [{ opType: "Add", input: ["x", "w"], output: ["y"] }];
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: "", version: opset }],
    graph: { name: "g", node, initializer: [initializer], input: [value("x")], output: [value("y")] },
  });
  const path = join(root, "sum.onnx");
  await writeFile(path, toBinary(ModelProtoSchema, model));
  return path;
}

const sum = (path: string): OnnxBinding => ({
  kind: "onnx",
  path,
  root,
  inputs: [{ input: "x", columns: ["a", "b"] }],
  encode: {},
  oneHot: {},
  classes: ["no", "yes"],
  answers: ["0", "1"],
  scoreOutput: "y",
  labelOutput: null,
  scores: "probabilities",
});

test("tensors kept beside the model are read from its own folder", async () => {
  const path = await writeSum({ location: "w.bin" });
  await writeFile(join(root, "w.bin"), new Uint8Array(Float32Array.of(0.5, 0.25).buffer));
  const { bytes, externalFiles } = await describeModel(path, root);
  expect(externalFiles).toEqual(["w.bin"]);
  expect(bytes).toBe((await stat(path)).size + 8);
  expect([...((await answer(sum(path), { a: [0.125], b: [0.125] })).probabilities ?? [])]).toEqual([0.625, 0.375]);
});

test("a model made for one row at a time is given one row at a time", async () => {
  const path = await writeSum({ rows: 1n });
  const { probabilities } = await answer(sum(path), { a: [0.25, 0.5, 0], b: [0.25, 0, 0.5] });
  expect([...(probabilities ?? [])]).toEqual([0.5, 0.5, 0.75, 0.25, 0.25, 0.75]);
});

test("a model that onnxruntime refuses is a problem of the file, without a stack", async () => {
  const path = await writeSum({ opset: 5n });
  await expect(openModel(sum(path))).rejects.toMatchObject({
    code: "MODEL_LOAD_FAILED",
    message: expect.stringMatching(/it says “.*Relu/),
  });
});

test("a model that does not fit the rows it is given is a problem", async () => {
  const path = await writeSum({});
  const binding = { ...sum(path), inputs: [{ input: "x", columns: ["a", "b", "a"] }] };
  await expect(answer(binding, { a: [0], b: [1] })).rejects.toMatchObject({ code: "MODEL_RUN_FAILED" });
});

test("describing and binding load no native code: only opening does", async () => {
  const script = `
    import { bindModel, describeModel } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const facts = await describeModel(${JSON.stringify(zooPath("net-softmax"))}, ${JSON.stringify(zooFolder)});
    const number = (name) => ({ name, kind: "number", missing: 0, distinct: 9 });
    bindModel({ path: "m", root: "r", facts }, { model: "m", dataset: "d", label: "y", columns: ["a", "b", "c", "d", "y"].map(number), classes: ["x", "y", "z"] });
    process.report.excludeNetwork = true;
    console.log(process.report.getReport().sharedObjects.filter((name) => name.includes("onnxruntime")).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout.trim()).toBe("0");
});

test("latency's quantiles are in order, and throughput is told for each batch size that the table fills", async () => {
  await using model = await openModel(await bound("logistic-plain"));
  const { single, batches } = await measureLatency(model, tableOf(rows("logistic-plain", 50)), {
    calls: 30,
    batches: [10, 1000],
    repeats: 2,
  });
  expect(single.calls).toBe(30);
  expect(single.p50Ms).toBeGreaterThan(0);
  expect(single.p95Ms).toBeGreaterThanOrEqual(single.p50Ms);
  expect(single.p99Ms).toBeGreaterThanOrEqual(single.p95Ms);
  expect(batches.map((batch) => batch.rows)).toEqual([10, 50]);
});
