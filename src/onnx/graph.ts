import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  type AttributeProto,
  AttributeProtoSchema,
  GraphProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { eachField, integerAt, Malformed, repeatedCount, wire } from "./wire.ts";

/** Where a message lies in the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stored tensor without its values: these stay in the file until asked for. */
export interface OnnxTensor extends Span {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
  /** Bytes of raw data; undefined when the values are written otherwise. */
  readonly rawBytes: number | undefined;
  /** Values in the typed fields. */
  readonly typedCount: number;
  /** Entries such as location, offset and length; undefined when the values are in the file itself. */
  readonly external: ReadonlyMap<string, string> | undefined;
}

/** A tensor stored as its values other than zero and where they stand. Both are among the tensors of what holds it, too. */
export interface SparseTensor {
  readonly values: OnnxTensor;
  readonly indices: OnnxTensor;
  readonly dims: readonly number[];
}

export interface OnnxAttribute extends Span {
  readonly name: string;
  readonly graphs: readonly OnnxGraph[];
  readonly tensors: readonly OnnxTensor[];
  readonly sparse: readonly SparseTensor[];
  /** How many numbers a list of floats holds. */
  readonly floats: number;
}

export interface OnnxNode extends Span {
  readonly name: string;
  readonly op: string;
  /** "" for the standard operators. */
  readonly domain: string;
  /** Which of several functions of that name; "" for all else. */
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

export interface OnnxValue extends Span {
  readonly name: string;
  readonly type: ValueInfoProto["type"];
}

export interface OnnxGraph extends Span {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly sparse: readonly SparseTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** Decodes one small message whole; larger than `most` bytes is refused, for decoding multiplies its size. */
export function decode<D extends DescMessage>(schema: D, bytes: Uint8Array, { start, end }: Span, most = 1 << 24): MessageShape<D> {
  if (end - start > most) throw new Malformed(`a ${schema.name} of ${end - start} bytes is larger than any model needs`);
  try {
    return fromBinary(schema, bytes.subarray(start, end));
  } catch (error) {
    throw new Malformed(error instanceof Error ? error.message : String(error));
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const longestName = 1 << 16;

export function textAt(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > longestName) throw new Malformed("a name is longer than 65,536 bytes");
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    throw new Malformed("a name is not UTF-8");
  }
}

export const standardDomain = (domain: string) => (domain === "ai.onnx" ? "" : domain);

const graphField = numbersOf(GraphProtoSchema, ["node", "initializer", "sparseInitializer", "input", "output"]);
const nodeField = numbersOf(NodeProtoSchema, ["input", "output", "name", "opType", "domain", "overload", "attribute"]);
const attributeField = numbersOf(AttributeProtoSchema, ["name", "t", "g", "tensors", "graphs", "floats", "sparseTensor", "sparseTensors"]);
const tensorField = numbersOf(TensorProtoSchema, [
  "dims",
  "dataType",
  "floatData",
  "int32Data",
  "stringData",
  "int64Data",
  "name",
  "rawData",
  "externalData",
  "dataLocation",
  "doubleData",
  "uint64Data",
]);

export function numbersOf<M extends GenMessage<never>, K extends string>(schema: M | DescMessage, names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, (schema as DescMessage).field[name]?.number ?? 0])) as Record<K, number>;
}

/** The graph's outline. The bytes were surveyed before; throws Malformed on what the survey does not see. */
export function graphAt(bytes: Uint8Array, start: number, end: number): OnnxGraph {
  const graph = {
    start,
    end,
    nodes: [] as OnnxNode[],
    initializers: [] as OnnxTensor[],
    sparse: [] as SparseTensor[],
    inputs: [] as OnnxValue[],
    outputs: [] as OnnxValue[],
  };
  eachField(bytes, start, end, (number, _wire, from, to) => {
    if (number === graphField.node) graph.nodes.push(nodeAt(bytes, from, to));
    else if (number === graphField.initializer) graph.initializers.push(tensorAt(bytes, from, to));
    else if (number === graphField.sparseInitializer) addSparse(graph.initializers, graph.sparse, bytes, from, to);
    else if (number === graphField.input) graph.inputs.push(valueAt(bytes, from, to));
    else if (number === graphField.output) graph.outputs.push(valueAt(bytes, from, to));
  });
  return graph;
}

export function nodeAt(bytes: Uint8Array, start: number, end: number): OnnxNode {
  const node = {
    start,
    end,
    name: "",
    op: "",
    domain: "",
    overload: "",
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: [] as OnnxAttribute[],
  };
  eachField(bytes, start, end, (number, _wire, from, to) => {
    if (number === nodeField.input) node.inputs.push(textAt(bytes, from, to));
    else if (number === nodeField.output) node.outputs.push(textAt(bytes, from, to));
    else if (number === nodeField.name) node.name = textAt(bytes, from, to);
    else if (number === nodeField.opType) node.op = textAt(bytes, from, to);
    else if (number === nodeField.domain) node.domain = standardDomain(textAt(bytes, from, to));
    else if (number === nodeField.overload) node.overload = textAt(bytes, from, to);
    else if (number === nodeField.attribute) node.attributes.push(attributeAt(bytes, from, to));
  });
  return node;
}

export function attributeAt(bytes: Uint8Array, start: number, end: number): OnnxAttribute {
  const attribute = {
    start,
    end,
    name: "",
    graphs: [] as OnnxGraph[],
    tensors: [] as OnnxTensor[],
    sparse: [] as SparseTensor[],
    floats: 0,
  };
  eachField(bytes, start, end, (number, wireType, from, to) => {
    if (number === attributeField.name) attribute.name = textAt(bytes, from, to);
    else if (number === attributeField.g || number === attributeField.graphs) attribute.graphs.push(graphAt(bytes, from, to));
    else if (number === attributeField.t || number === attributeField.tensors) attribute.tensors.push(tensorAt(bytes, from, to));
    else if (number === attributeField.sparseTensor || number === attributeField.sparseTensors)
      addSparse(attribute.tensors, attribute.sparse, bytes, from, to);
    else if (number === attributeField.floats) attribute.floats += repeatedCount(bytes, wireType, from, to, 4);
  });
  return attribute;
}

/** A sparse tensor is stored as two dense ones: values (1), whose name is its own, and indices (2); its shape (3) stands beside them. */
function addSparse(tensors: OnnxTensor[], sparse: SparseTensor[], bytes: Uint8Array, start: number, end: number) {
  const parts: (OnnxTensor | undefined)[] = [];
  const dims: number[] = [];
  eachField(bytes, start, end, (number, wireType, from, to) => {
    if (number === 1 || number === 2) parts[number] = tensorAt(bytes, from, to);
    else if (number === 3) addDims(dims, varints(bytes, wireType, from, to));
  });
  const [, values, indices] = parts;
  for (const part of [values, indices]) if (part !== undefined) tensors.push(part);
  if (values !== undefined && indices !== undefined) sparse.push({ values, indices, dims });
}

export function tensorAt(bytes: Uint8Array, start: number, end: number): OnnxTensor {
  const tensor = { start, end, name: "", type: 0, dims: [] as number[], rawBytes: undefined as number | undefined, typedCount: 0 };
  const entries = new Map<string, string>();
  let location = TensorProto_DataLocation.DEFAULT as number;
  eachField(bytes, start, end, (number, wireType, from, to) => {
    if (number === tensorField.dims) addDims(tensor.dims, varints(bytes, wireType, from, to));
    else if (number === tensorField.dataType) tensor.type = integerAt(bytes, from, to);
    else if (number === tensorField.name) tensor.name = textAt(bytes, from, to);
    else if (number === tensorField.rawData) tensor.rawBytes = to - from;
    else if (number === tensorField.dataLocation) location = integerAt(bytes, from, to);
    else if (number === tensorField.externalData) {
      const { key, value } = decode(StringStringEntryProtoSchema, bytes, { start: from, end: to }, longestName);
      entries.set(key, value);
    } else if (number === tensorField.stringData) tensor.typedCount++;
    else if (number === tensorField.floatData) tensor.typedCount += repeatedCount(bytes, wireType, from, to, 4);
    else if (number === tensorField.doubleData) tensor.typedCount += repeatedCount(bytes, wireType, from, to, 8);
    else if (number === tensorField.int32Data || number === tensorField.int64Data || number === tensorField.uint64Data) {
      tensor.typedCount += repeatedCount(bytes, wireType, from, to, "varint");
    }
  });
  const isExternal = location === TensorProto_DataLocation.EXTERNAL || entries.size > 0;
  return { ...tensor, external: isExternal ? entries : undefined };
}

const mostDimensions = 64;

function addDims(dims: number[], more: readonly number[]) {
  dims.push(...more);
  if (dims.length > mostDimensions) throw new Malformed(`a tensor has more than ${mostDimensions} dimensions`);
}

function varints(bytes: Uint8Array, wireType: number, start: number, end: number): number[] {
  if (wireType !== wire.bytes) return [integerAt(bytes, start, end)];
  const values: number[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) continue;
    values.push(integerAt(bytes, from, at + 1));
    from = at + 1;
    if (values.length > mostDimensions) break;
  }
  return values;
}

function valueAt(bytes: Uint8Array, start: number, end: number): OnnxValue {
  const { name, type } = decode(ValueInfoProtoSchema, bytes, { start, end }, 1 << 20);
  return { start, end, name, type };
}

/** One attribute of a node, whole; undefined when it has none of that name, or one of more than a mebibyte. */
export function attributeOf(bytes: Uint8Array, node: OnnxNode, name: string): AttributeProto | undefined {
  const found = node.attributes.find((attribute) => attribute.name === name);
  return found && found.end - found.start <= 1 << 20 ? decode(AttributeProtoSchema, bytes, found) : undefined;
}
