import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { numbersOf } from "./graph.ts";
import type { OnnxModel } from "./model.ts";
import { eachField, encodeField } from "./wire.ts";

const modelField = numbersOf(ModelProtoSchema, ["graph", "opsetImport"]);
const graphField = numbersOf(GraphProtoSchema, ["node", "input", "output"]);

/**
 * The model's bytes with each ZipMap at an output replaced by what went into it, under the output's own name: onnxruntime-node cannot return
 * sequences of maps, and a tensor is faster. Every other byte stays as it is.
 */
export const cutZipMap = (model: OnnxModel): Uint8Array => rewrite(model, { textInputs: [] });

/** How a text input is filled after `rewrite`: codes[...] of dictionary[K], the missing text being the last. */
export const codedInput = (name: string) => ({ codes: `${name}/codes`, dictionary: `${name}/dictionary` });

/**
 * As `cutZipMap`; besides, each of `textInputs` becomes two inputs (see `codedInput`), int32 codes of its own shape and a dictionary of texts, so
 * that each different text crosses into native code once instead of once a row.
 */
export function rewrite({ bytes, graph, opsets }: OnnxModel, { textInputs }: { textInputs: readonly string[] }): Uint8Array {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const zipMaps = graph.nodes.filter((node) => node.op === "ZipMap" && node.domain === "ai.onnx.ml" && outputs.has(node.outputs[0] ?? ""));
  if (zipMaps.length === 0 && textInputs.length === 0) return bytes;

  const replaced = new Map<number, Uint8Array[]>(); // by where the field's content starts
  for (const zipMap of zipMaps) {
    const output = zipMap.outputs[0] ?? "";
    replaced.set(zipMap.start, nodeField({ opType: "Identity", input: zipMap.inputs.slice(0, 1), output: [output] }));
    for (const { name, start } of graph.outputs)
      if (name === output) replaced.set(start, valueField(graphField.output, tensorValue(name, Type.FLOAT)));
  }
  const added: Uint8Array[] = [];
  for (const { name, type, start } of graph.inputs) {
    if (!textInputs.includes(name)) continue;
    const { codes, dictionary } = codedInput(name);
    const shape = type?.value.case === "tensorType" ? type.value.value.shape : undefined;
    replaced.set(start, [
      ...valueField(graphField.input, tensorValue(codes, Type.INT32, shape)),
      ...valueField(graphField.input, tensorValue(dictionary, Type.STRING)),
    ]);
    added.push(...nodeField({ opType: "Gather", input: [dictionary, codes], output: [name] }));
  }

  const newGraph = concat([...added, ...withReplaced(bytes, graph.start, graph.end, replaced)]);
  const parts = withReplaced(bytes, 0, bytes.length, new Map([[graph.start, encodeField(modelField.graph, newGraph)]]));
  if (!opsets.has(""))
    parts.push(
      ...encodeField(
        modelField.opsetImport,
        toBinary(OperatorSetIdProtoSchema, create(OperatorSetIdProtoSchema, { domain: "", version: 13n })),
      ),
    );
  return concat(parts);
}

/** The message's fields, in order, save those whose content starts at a key of `replaced`. */
function withReplaced(bytes: Uint8Array, start: number, end: number, replaced: ReadonlyMap<number, Uint8Array[]>): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let keptFrom = start;
  let fieldStart = start;
  eachField(bytes, start, end, (_number, _wire, from, to) => {
    const instead = replaced.get(from);
    if (instead !== undefined) {
      parts.push(bytes.subarray(keptFrom, fieldStart), ...instead);
      keptFrom = to;
    }
    fieldStart = to;
  });
  parts.push(bytes.subarray(keptFrom, end));
  return parts;
}

const nodeField = (node: Pick<NodeProto, "opType" | "input" | "output">) =>
  encodeField(graphField.node, toBinary(NodeProtoSchema, create(NodeProtoSchema, node)));

const valueField = (field: number, value: ValueInfoProto) => encodeField(field, toBinary(ValueInfoProtoSchema, value));

type Shape = Extract<NonNullable<ValueInfoProto["type"]>["value"], { case: "tensorType" }>["value"]["shape"];

function tensorValue(name: string, elemType: number, shape?: Shape): ValueInfoProto {
  const value = shape === undefined ? { elemType } : { elemType, shape };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value } } });
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
