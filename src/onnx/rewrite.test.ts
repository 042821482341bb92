import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TensorProto_DataType as Type } from "onnx-buf";
import { expect, test } from "vitest";
import { attributeOf, codedInput, codedOutput, cutZipMap, rewrite, widened } from "./index.ts";
import { addition } from "./made.fixture.ts";
import { newestIr, newestOpset } from "./operators.generated.ts";
import { parseModel } from "./read.ts";

const folder = join(import.meta.dirname, "../../vectors/models");
const named = (name: string) => parseModel(new Uint8Array(readFileSync(join(folder, `${name}.onnx`))), name);
const zipped = readdirSync(folder)
  .filter((name) => name.endsWith("-zipmap.onnx"))
  .map((name) => name.slice(0, -".onnx".length));

test.for(zipped)("%s without its ZipMap is a whole model whose outputs keep their names and are tensors", (name) => {
  const before = named(name);
  const after = parseModel(cutZipMap(before), name);
  expect(before.graph.nodes.some(({ op }) => op === "ZipMap")).toBe(true);
  expect(after.graph.nodes.map(({ op }) => op)).toEqual(before.graph.nodes.map(({ op }) => (op === "ZipMap" ? "Identity" : op)));
  expect(after.graph.outputs.map((output) => output.name)).toEqual(before.graph.outputs.map((output) => output.name));
  expect(after.graph.outputs.every(({ type }) => type?.value.case === "tensorType")).toBe(true);
});

test("a model without ZipMap is left as it is, byte for byte", () => {
  const model = named("logistic-plain");
  expect(cutZipMap(model)).toBe(model.bytes);
});

test("all nodes that are not replaced keep their bytes", () => {
  const before = named("columns-zipmap");
  const after = parseModel(cutZipMap(before), "after");
  const bytesOf = (model: typeof before) =>
    model.graph.nodes
      .filter(({ op }) => op !== "ZipMap" && op !== "Identity")
      .map(({ start, end }) => Buffer.from(model.bytes.subarray(start, end)).toString("hex"));
  expect(bytesOf(after)).toEqual(bytesOf(before));
});

test("a text input becomes codes of its own shape and a dictionary, and a text output gains its codes", () => {
  const before = named("columns-plain");
  const after = parseModel(
    rewrite(before, { textInputs: ["housing"], textOutput: { name: "label", texts: ["granted", "refused"] } }),
    "after",
  );
  const { codes, dictionary } = codedInput("housing");
  const names = before.graph.inputs.flatMap(({ name }) => (name === "housing" ? [codes, dictionary] : [name]));
  expect(after.graph.inputs.map(({ name }) => name)).toEqual(names);
  expect(after.graph.nodes[0]).toMatchObject({ op: "Gather", inputs: [dictionary, codes], outputs: ["housing"] });
  expect(after.graph.outputs.map(({ name }) => name)).toContain(codedOutput("label"));
});

test("domains that the added operators need are imported when the file does not", () => {
  const model = parseModel(addition(), "sum");
  const after = parseModel(rewrite(model, { textOutput: { name: "y", texts: ["a"] } }), "after");
  expect([...after.opsets]).toEqual([
    ["", 17],
    ["ai.onnx.ml", 2],
  ]);
});

const zoo = join(import.meta.dirname, "../../vectors/zoo");
const inZoo = (name: string) => parseModel(new Uint8Array(readFileSync(join(zoo, `${name}.onnx`))), name);

test("numbers of half precision are exchanged as float32 and cast inside", () => {
  const after = parseModel(rewrite(inZoo("float16-shuffle"), { floats: ["image", "scores"] }), "after");
  const typeOf = ({ type }: (typeof after.graph.inputs)[number]) => (type?.value.case === "tensorType" ? type.value.value.elemType : null);
  const ports = [...after.graph.inputs, ...after.graph.outputs].map((value) => [value.name, typeOf(value)]);
  expect(ports).toEqual([
    [widened("image"), Type.FLOAT],
    [widened("scores"), Type.FLOAT],
  ]);
  expect(after.graph.nodes.at(0)).toMatchObject({ op: "Cast", inputs: [widened("image")], outputs: ["image"] });
  expect(after.graph.nodes.at(-1)).toMatchObject({ op: "Cast", inputs: ["scores"], outputs: [widened("scores")] });
});

test("the locale of American English gives way to another, and nothing else of the node changes", () => {
  const before = inZoo("skl-tfidf");
  const after = parseModel(rewrite(before, { locale: "C.UTF-8" }), "after");
  const [old, node] = [before, after].map(({ graph }) => graph.nodes.find(({ op }) => op === "StringNormalizer"));
  if (old === undefined || node === undefined) throw new Error("there is a StringNormalizer");
  const named = attributeOf(after.bytes, node, "locale");
  expect(new TextDecoder().decode(named?.s)).toBe("C.UTF-8");
  const others = ({ attributes }: typeof node) => attributes.map(({ name }) => name).filter((name) => name !== "locale");
  expect([node.inputs, node.outputs, others(node)]).toEqual([old.inputs, old.outputs, others(old)]);
  expect(rewrite(after, { locale: "tr_TR.UTF-8" })).toBe(after.bytes);
});

test("versions newer than onnxruntime's become its newest where the file uses nothing that they changed", () => {
  const before = parseModel(addition({}, { irVersion: 14n, opsetImport: [{ domain: "", version: 28n }] }), "sum");
  const after = parseModel(rewrite(before, {}), "after");
  expect([after.irVersion, after.opsets.get("")]).toEqual([newestIr, newestOpset[""]]);
  expect(after.graph.nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([["Add", ["x", "w"], ["y"]]]);
  expect(rewrite(after, {})).toBe(after.bytes);
});
