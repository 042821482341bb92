import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { AttributeProtoSchema, GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, ValueInfoProtoSchema } from "onnx-buf";
import { expect, test } from "vitest";
import { problemsOf } from "../base/index.ts";
import { liftProgram } from "./lift/index.ts";
import { addition } from "./made.fixture.ts";
import { parseModel } from "./read.ts";
import { readProgram } from "./read-program.ts";
import { rewrite } from "./rewrite.ts";
import { encodeField } from "./wire.ts";
import { writeProgram } from "./write-program.ts";

const folders = ["models", "zoo"].map((name) => join(import.meta.dirname, "../../vectors", name));
const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
const models = paths.filter((path) => path.endsWith(".onnx")).map((path) => new Uint8Array(readFileSync(path)));

/** Reads and rewrites; anything but a Problem is a fault of ours. */
function survives(bytes: Uint8Array) {
  try {
    const model = parseModel(bytes, "m.onnx");
    const outputs = model.graph.outputs.map(({ name }) => name);
    const inputs = model.graph.inputs.map(({ name }) => name);
    rewrite(model, { textInputs: inputs, textOutput: { name: outputs[0] ?? "", texts: ["a"] }, locale: "C" });
    rewrite(model, { floats: [...inputs, ...outputs] });
  } catch (error) {
    if (problemsOf(error).length === 0) throw error;
  }
}

test("random bytes are read or refused, never more", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), survives), { numRuns: 2000 });
});

const change = fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.constantFrom("set", "flip", "cut", "insert", "repeat") });

function changed(bytes: Uint8Array, changes: readonly { at: number; byte: number; kind: string }[]): Uint8Array {
  return changes.reduce((current, { at, byte, kind }) => {
    if (current.length === 0) return current;
    const place = at % current.length;
    if (kind === "set") return current.with(place, byte);
    if (kind === "flip") return current.with(place, (current[place] ?? 0) ^ (1 << (byte % 8)));
    if (kind === "cut") return current.slice(0, place);
    const middle = kind === "insert" ? [byte] : current.subarray(place, place + byte);
    return new Uint8Array([...current.subarray(0, place), ...middle, ...current.subarray(place)]);
  }, bytes);
}

test("real models with random changes are read or refused, never more", () => {
  const which = fc.nat(models.length);
  fc.assert(
    fc.property(which, fc.array(change, { minLength: 1, maxLength: 4 }), (model, changes) =>
      survives(changed(models[model] ?? addition(), changes)),
    ),
    { numRuns: 4000, seed: 11 },
  );
});

/** Reads, lifts and writes as plain data; anything but a Problem is a fault of ours. */
async function lifts(bytes: Uint8Array) {
  try {
    writeProgram(liftProgram(await readProgram(parseModel(bytes, "m.onnx"))));
  } catch (error) {
    if (problemsOf(error).length === 0) throw error;
  }
}

test("small models with random changes are lifted or refused, never more", async () => {
  const small = models.filter(({ length }) => length < 40_000);
  expect(small.length).toBeGreaterThan(10);
  const which = fc.nat(small.length - 1);
  await fc.assert(
    fc.asyncProperty(which, fc.array(change, { minLength: 1, maxLength: 3 }), (model, changes) =>
      lifts(changed(small[model] ?? addition(), changes)),
    ),
    { numRuns: 3000, seed: 11 },
  );
});

/** A whole model around the bytes of a graph's last fields. */
function modelOf(graph: Uint8Array): Uint8Array {
  const value = create(ValueInfoProtoSchema, { name: "x" });
  const start = toBinary(GraphProtoSchema, create(GraphProtoSchema, { input: [value], output: [value] }));
  const head = create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: "ai.onnx.ml", version: 3n }] });
  return new Uint8Array(
    Buffer.concat([toBinary(ModelProtoSchema, head), ...encodeField(ModelProtoSchema.field.graph.number, Buffer.concat([start, graph]))]),
  );
}

const repeated = (pattern: readonly number[], times: number) =>
  new Uint8Array(pattern.length * times).map((_, at) => pattern[at % pattern.length] ?? 0);

test("a tree ensemble of four million nodes is read: its lists of values are no parts", () => {
  const name = encodeField(AttributeProtoSchema.field.name.number, Buffer.from("nodes_modes"));
  const [tag] = encodeField(AttributeProtoSchema.field.strings.number, new Uint8Array());
  const strings = repeated([...(tag ?? []), 1, 76], 4_000_000);
  const node = toBinary(
    NodeProtoSchema,
    create(NodeProtoSchema, { opType: "TreeEnsembleRegressor", domain: "ai.onnx.ml", input: ["x"], output: ["y"] }),
  );
  const attribute = encodeField(NodeProtoSchema.field.attribute.number, Buffer.concat([...name, strings]));
  const graph = Buffer.concat(encodeField(GraphProtoSchema.field.node.number, Buffer.concat([node, ...attribute])));
  expect(parseModel(modelOf(graph), "m.onnx").graph.nodes).toHaveLength(1);
});

test("a file of four million empty nodes is refused before anything is built", () => {
  const bytes = modelOf(repeated([0x0a, 0], 4_000_000));
  expect(() => parseModel(bytes, "m.onnx")).toThrow(expect.objectContaining({ code: "MODEL_TOO_COMPLEX" }));
});
