import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { Problem } from "../base/index.ts";
import { typeOf } from "./element.ts";
import { numbersOf } from "./graph.ts";
import { newestIr } from "./operators.generated.ts";
import type { Attribute, Constant, Graph, Node, PortType, Program } from "./program.ts";
import { mostBytes } from "./read-program.ts";
import { concat, encodeParts, sizeOf } from "./wire.ts";

const modelField = numbersOf(ModelProtoSchema, ["graph"]);
const graphField = numbersOf(GraphProtoSchema, ["node", "initializer", "input", "output"]);
const nodeField = numbersOf(NodeProtoSchema, ["attribute"]);
const attributeField = numbersOf(AttributeProtoSchema, ["t", "g", "tensors"]);
const tensorField = numbersOf(TensorProtoSchema, ["rawData"]);

/** A message in pieces, so that large values are copied once: into the whole. */
type Parts = readonly Uint8Array[];

/**
 * The program as an ONNX file, of the newest IR version that onnxruntime reads. Throws a Problem when it would take more than 2 GiB, which no
 * ONNX file may.
 */
export function writeProgram({ file, opsets, graph }: Program): Uint8Array {
  const opsetImport = [...opsets].map(([domain, version]) => ({ domain, version: BigInt(version) }));
  const head = toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: BigInt(newestIr), producerName: "sextant", opsetImport }));
  const parts = [head, ...encodeParts(modelField.graph, graphParts(graph))];
  const size = sizeOf(parts);
  if (size > mostBytes) {
    const what = `the changed model would take ${size} bytes; an ONNX file holds at most ${mostBytes}`;
    throw new Problem("MODEL_TOO_LARGE", what, { file, remedy: "Use a smaller model for this, or one with narrower types." });
  }
  return concat(parts);
}

function graphParts({ name, nodes, constants, inputs, outputs }: Graph): Parts {
  const head = toBinary(GraphProtoSchema, create(GraphProtoSchema, { name: name || "graph" }));
  return [
    head,
    ...namedOnce(nodes).flatMap((node) => encodeParts(graphField.node, nodeParts(node))),
    ...[...constants].flatMap(([of, constant]) => encodeParts(graphField.initializer, tensorParts(constant, of))),
    ...inputs.flatMap((port) => encodeParts(graphField.input, [portBytes(port)])),
    ...outputs.flatMap((port) => encodeParts(graphField.output, [portBytes(port)])),
  ];
}

/** onnxruntime takes no two nodes of one name (turns of a loop, say, that became plain nodes): the second has none. */
function namedOnce(nodes: readonly Node[]): readonly Node[] {
  const seen = new Set<string>();
  return nodes.map((node) => {
    const isKnown = seen.has(node.name);
    seen.add(node.name);
    return isKnown ? { ...node, name: "" } : node;
  });
}

function nodeParts({ name, op, domain, inputs, outputs, attributes, opset }: Node): Parts {
  if (opset !== undefined) throw new Error(`${op} is of opset ${opset}, not of the program's: lift the program first`);
  const fields = { name, opType: op, domain, input: [...inputs], output: [...outputs] };
  const held = [...attributes].flatMap(([of, attribute]) => encodeParts(nodeField.attribute, attributeParts(of, attribute)));
  return [toBinary(NodeProtoSchema, create(NodeProtoSchema, fields)), ...held];
}

function attributeParts(name: string, attribute: Attribute): Parts {
  const head = (fields: MessageInitShape<typeof AttributeProtoSchema>) =>
    toBinary(AttributeProtoSchema, create(AttributeProtoSchema, { name, ...fields }));
  switch (attribute.kind) {
    case "int":
      return [head({ type: AttributeType.INT, i: attribute.value })];
    case "ints":
      return [head({ type: AttributeType.INTS, ints: [...attribute.value] })];
    case "float":
      return [head({ type: AttributeType.FLOAT, f: attribute.value })];
    case "floats":
      return [head({ type: AttributeType.FLOATS, floats: [...attribute.value] })];
    case "string":
      return [head({ type: AttributeType.STRING, s: utf8(attribute.value) })];
    case "strings":
      return [head({ type: AttributeType.STRINGS, strings: attribute.value.map(utf8) })];
    case "type":
      return [head({ type: AttributeType.TYPE_PROTO, tp: attribute.value })];
    case "tensor":
      return [head({ type: AttributeType.TENSOR }), ...encodeParts(attributeField.t, tensorParts(attribute.value, ""))];
    case "tensors":
      return [
        head({ type: AttributeType.TENSORS }),
        ...attribute.value.flatMap((each) => encodeParts(attributeField.tensors, tensorParts(each, ""))),
      ];
    case "graph":
      return [head({ type: AttributeType.GRAPH }), ...encodeParts(attributeField.g, graphParts(attribute.value))];
  }
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function tensorParts({ type, dims, values }: Constant, name: string): Parts {
  const fields = { name, dataType: type, dims: dims.map(BigInt) };
  if (!ArrayBuffer.isView(values))
    return [toBinary(TensorProtoSchema, create(TensorProtoSchema, { ...fields, stringData: values.map(utf8) }))];
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return [toBinary(TensorProtoSchema, create(TensorProtoSchema, fields)), ...encodeParts(tensorField.rawData, [raw])];
}

/** A declared tensor type as it stands now; whatever is no tensor, as the file had it. */
function portBytes({ name, element, dims, proto }: PortType): Uint8Array {
  const plain = create(ValueInfoProtoSchema, proto === undefined ? { name } : { name, type: proto });
  if (element === null) return toBinary(ValueInfoProtoSchema, plain);
  const elemType = element !== "opaque" ? typeOf(element) : proto?.value.case === "tensorType" ? proto.value.value.elemType : 0;
  const shape = dims === null ? {} : { shape: { dim: dims.map(dimOf) } };
  return toBinary(
    ValueInfoProtoSchema,
    create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value: { elemType, ...shape } } } }),
  );
}

function dimOf(dim: number | string | null) {
  if (dim === null) return {};
  return typeof dim === "string"
    ? { value: { case: "dimParam" as const, value: dim } }
    : { value: { case: "dimValue" as const, value: BigInt(dim) } };
}
