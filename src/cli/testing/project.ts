import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { afterAll } from "vitest";
import { type Random, seededRandom } from "../../base/index.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Makes folders of files, and removes them when the test file is done. */
export function folders(): (files: Files) => Promise<string> {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return async (files) => {
    const folder = await mkdtemp(join(tmpdir(), "sextant-project-"));
    made.push(folder);
    fill(folder, files);
    return folder;
  };
}

function fill(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** P(granted) = sigmoid(1.5 income - debt): a model small enough to know every answer by heart. */
export const weights = [1.5, -1] as const;

/** Applicants whose label follows the model's own probability, so that it is calibrated and generalises. */
export function applicants(random: Random, rows: number): string {
  const lines = Array.from({ length: rows }, () => {
    const [income, debt] = [random.normal(), random.normal()];
    const granted = random.uniform() < 1 / (1 + Math.exp(-(weights[0] * income + weights[1] * debt)));
    return [income.toFixed(6), debt.toFixed(6), random.uniform() < 0.5 ? "f" : "m", granted ? "granted" : "refused"].join(",");
  });
  return ["income,debt,sex,decision", ...lines, ""].join("\n");
}

export const declaration = `version: 1
system:
  name: Tiny credit
  affects: { whom: people, who: applicants }
  success: { metric: accuracy, target: 0.6 }
  limits: { latencyMs: 50, sizeMiB: 1 }
datasets:
  - id: applicants
    splits: { train: train.csv, test: test.csv }
    label: decision
    favourable: granted
    sensitive: [sex]
    personal: true
    sources: [{ by: ourselves }]
models:
  - id: tiny
    file: tiny.onnx
    trainedOn: [applicants]
    inputs: { x: [income, debt] }
    classes: [refused, granted]
    learns: false
services: [{ id: desk, model: tiny, callers: staff, answers: labels, feedback: false }]
seed: 7
`;

/** The files of a whole small project. */
export const tinyProject = ({ rows = 1500, seed = 1 } = {}): Record<string, string | Uint8Array> => ({
  "sextant.yaml": declaration,
  "train.csv": applicants(seededRandom(seed, "train"), rows),
  "test.csv": applicants(seededRandom(seed, "test"), rows),
  "tiny.onnx": tinyModel(),
});

/** Gemm and Sigmoid over one numeric input [N, 2], with one score: the second class's probability. `beside` names a file that holds the weights. */
export function tinyModel(given: readonly number[] = weights, { beside }: { beside?: string } = {}): Uint8Array {
  const floats = (name: string, dims: number[], values: readonly number[]) =>
    create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: TensorProto_DataType.FLOAT, floatData: [...values] });
  const outside = (name: string, dims: number[], location: string) =>
    create(TensorProtoSchema, {
      name,
      dims: dims.map(BigInt),
      dataType: TensorProto_DataType.FLOAT,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [create(StringStringEntryProtoSchema, { key: "location", value: location })],
    });
  const port = (name: string, width: number) =>
    create(ValueInfoProtoSchema, {
      name,
      type: create(TypeProtoSchema, {
        value: {
          case: "tensorType",
          value: create(TypeProto_TensorSchema, {
            elemType: TensorProto_DataType.FLOAT,
            shape: create(TensorShapeProtoSchema, {
              dim: [
                create(TensorShapeProto_DimensionSchema, { value: { case: "dimParam", value: "N" } }),
                create(TensorShapeProto_DimensionSchema, { value: { case: "dimValue", value: BigInt(width) } }),
              ],
            }),
          }),
        },
      }),
    });
  const transB = create(AttributeProtoSchema, { name: "transB", type: AttributeProto_AttributeType.INT, i: 1n });
  const graph = create(GraphProtoSchema, {
    name: "tiny",
    input: [port("x", given.length)],
    output: [port("p", 1)],
    initializer: [
      beside === undefined ? floats("w", [1, given.length], given) : outside("w", [1, given.length], beside),
      floats("b", [1], [0]),
    ],
    node: [
      create(NodeProtoSchema, { name: "linear", opType: "Gemm", input: ["x", "w", "b"], output: ["z"], attribute: [transB] }),
      create(NodeProtoSchema, { name: "squash", opType: "Sigmoid", input: ["z"], output: ["p"] }),
    ],
  });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: "by hand",
    graph,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: 17n })],
  });
  return toBinary(ModelProtoSchema, model);
}
