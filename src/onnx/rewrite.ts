import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { decode, numbersOf, type OnnxNode, type OnnxValue, standardDomain } from "./graph.ts";
import { makersOf, type ParsedModel } from "./model.ts";
import { newestIr, newestOpset } from "./operators.generated.ts";
import { concat, eachField, encodeField, encodeNumber } from "./wire.ts";

const modelField = numbersOf(ModelProtoSchema, ["irVersion", "graph", "opsetImport"]);
const graphField = numbersOf(GraphProtoSchema, ["node", "input", "output"]);

/**
 * The model's bytes with each ZipMap at an output replaced by what went into it, under the output's own name: onnxruntime-node cannot return
 * sequences of maps, and a tensor is faster. Every other byte stays as it is.
 */
export const cutZipMap = (model: ParsedModel): Uint8Array => rewrite(model, {});

/** How a text input is filled after `rewrite`: codes[...] of dictionary[K]. */
export const codedInput = (name: string) => ({ codes: `${name}/codes`, dictionary: `${name}/dictionary` });

/** The output that `rewrite` adds for a text output. */
export const codedOutput = (name: string) => `${name}/codes`;

/** The input or output of float32 that stands for one of another type after `rewrite`. */
export const widened = (name: string) => `${name}/float32`;

export interface Rewriting {
  /** Each becomes two inputs (see `codedInput`): int32 codes of its own shape and a dictionary of texts. */
  readonly textInputs?: readonly string[];
  /** A text output beside which one of int64 is added (see `codedOutput`): the index of each text among `texts`, -1 for any other. */
  readonly textOutput?: { readonly name: string; readonly texts: readonly string[] } | undefined;
  /** Inputs and outputs that are exchanged as float32 (see `widened`) and cast in the graph. */
  readonly floats?: readonly string[];
  /** The locale by which texts change their case, instead of American English: for machines without that one. */
  readonly locale?: string | undefined;
}

/**
 * As `cutZipMap`; besides, texts are exchanged as codes, so that each different text crosses into native code once instead of once a row, numbers
 * of half precision as float32, for JavaScript's arrays of float16 do not reach native code; and versions newer than onnxruntime's become its newest.
 */
export function rewrite(model: ParsedModel, { textInputs = [], textOutput, floats = [], locale }: Rewriting): Uint8Array {
  const { bytes, graph, opsets } = model;
  const replaced: Replaced = new Map();
  replaceZipMaps(graph, replaced);
  if (locale !== undefined)
    for (const node of graph.nodes) if (node.op === "StringNormalizer") replaceLocale(model, node, locale, replaced);
  const before = [
    ...graph.inputs.filter(({ name }) => textInputs.includes(name)).flatMap((input) => codeInput(input, replaced)),
    ...graph.inputs.filter(({ name }) => floats.includes(name)).flatMap((input) => castInput(input, replaced)),
  ];
  const after = [
    ...graph.outputs.filter(({ name }) => floats.includes(name)).flatMap((output) => castOutput(output, replaced)),
    ...(textOutput === undefined ? [] : codeOutput(textOutput, opsets.get(mlDomain) ?? 2)),
  ];
  const lowered = loweredVersions(model);
  if (replaced.size === 0 && after.length === 0 && lowered.size === 0) return bytes;

  const newGraph = concat([...before, ...withReplaced(bytes, graph.start, graph.end, replaced), ...after]);
  const parts = withReplaced(bytes, 0, bytes.length, new Map([...lowered, [graph.start, encodeField(modelField.graph, newGraph)]]));
  if (!opsets.has("")) parts.push(...opsetField("", 13n));
  if (textOutput !== undefined && !opsets.has(mlDomain)) parts.push(...opsetField(mlDomain, 2n));
  return concat(parts);
}

const mlDomain = "ai.onnx.ml";

/** Versions that onnxruntime does not read, as the newest that it does: `checkModel` let them pass because the file uses nothing that changed since. */
function loweredVersions({ bytes, irVersion, opsets }: ParsedModel): Replaced {
  const lowered: Replaced = new Map();
  const newest = newestOpset[""] ?? 0;
  if (irVersion <= newestIr && (opsets.get("") ?? 0) <= newest) return lowered;
  eachField(bytes, 0, bytes.length, (number, _wire, start, end) => {
    if (number === modelField.irVersion && irVersion > newestIr) lowered.set(start, encodeNumber(modelField.irVersion, newestIr));
    if (number !== modelField.opsetImport) return;
    const { domain, version } = decode(OperatorSetIdProtoSchema, bytes, { start, end });
    if (standardDomain(domain) === "" && Number(version) > newest) lowered.set(start, opsetField("", BigInt(newest)));
  });
  return lowered;
}

/** New bytes for the field whose content starts at the key. */
type Replaced = Map<number, Uint8Array[]>;

function replaceZipMaps(graph: ParsedModel["graph"], replaced: Replaced) {
  for (const output of graph.outputs) {
    const zipMap = makersOf(graph).get(output.name);
    if (zipMap?.op !== "ZipMap" || zipMap.domain !== mlDomain) continue;
    replaced.set(zipMap.start, nodeField({ opType: "Identity", input: zipMap.inputs.slice(0, 1), output: [output.name] }));
    replaced.set(output.start, valueField(graphField.output, tensorValue(output.name, Type.FLOAT)));
  }
}

const typeOf = ({ type }: OnnxValue) => (type?.value.case === "tensorType" ? type.value.value : undefined);

const cast = (from: string, to: string, type: number) =>
  nodeField({
    opType: "Cast",
    input: [from],
    output: [to],
    attribute: [attribute({ name: "to", type: AttributeType.INT, i: BigInt(type) })],
  });

function castInput(input: OnnxValue, replaced: Replaced): Uint8Array[] {
  const { name, start } = input;
  replaced.set(start, valueField(graphField.input, tensorValue(widened(name), Type.FLOAT, typeOf(input)?.shape)));
  return cast(widened(name), name, typeOf(input)?.elemType ?? Type.FLOAT);
}

function castOutput(output: OnnxValue, replaced: Replaced): Uint8Array[] {
  const { name, start } = output;
  replaced.set(start, valueField(graphField.output, tensorValue(widened(name), Type.FLOAT, typeOf(output)?.shape)));
  return cast(name, widened(name), Type.FLOAT);
}

/** Only American English, which is also what stands where the node names no locale: another is the model's own wish. */
function replaceLocale({ bytes }: ParsedModel, node: OnnxNode, locale: string, replaced: Replaced) {
  const whole = decode(NodeProtoSchema, bytes, node);
  const named = whole.attribute.find(({ name }) => name === "locale");
  if (named !== undefined && !/^en_US(\.UTF-8)?$/i.test(new TextDecoder().decode(named.s))) return;
  const others = whole.attribute.filter((other) => other !== named);
  whole.attribute = [...others, attribute({ name: "locale", type: AttributeType.STRING, s: Uint8Array.from(Buffer.from(locale)) })];
  replaced.set(node.start, nodeField(whole));
}

function codeInput(input: OnnxValue, replaced: Replaced): Uint8Array[] {
  const { name, start } = input;
  const { codes, dictionary } = codedInput(name);
  const shape = typeOf(input)?.shape;
  const values = [tensorValue(codes, Type.INT32, shape), tensorValue(dictionary, Type.STRING)];
  replaced.set(
    start,
    values.flatMap((value) => valueField(graphField.input, value)),
  );
  return nodeField({ opType: "Gather", input: [dictionary, codes], output: [name] });
}

function codeOutput({ name, texts }: NonNullable<Rewriting["textOutput"]>, mlVersion: number): Uint8Array[] {
  const output = codedOutput(name);
  const keys = texts.map((text) => Uint8Array.from(Buffer.from(text)));
  const indices = { name: "values_int64s", type: AttributeType.INTS, ints: texts.map((_, index) => BigInt(index)) };
  const attributes = [
    { name: mlVersion < 2 ? "classes_strings" : "keys_strings", type: AttributeType.STRINGS, strings: keys },
    { name: "default_int64", type: AttributeType.INT, i: -1n },
    ...(mlVersion < 2 ? [] : [indices]),
  ].map(attribute);
  return [
    ...nodeField({ opType: "LabelEncoder", domain: mlDomain, input: [name], output: [output], attribute: attributes }),
    ...valueField(graphField.output, tensorValue(output, Type.INT64)),
  ];
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

type NewNode = Pick<NodeProto, "opType" | "input" | "output"> & { domain?: string; attribute?: AttributeProto[] };

const attribute = (fields: MessageInitShape<typeof AttributeProtoSchema>) => create(AttributeProtoSchema, fields);

const nodeField = (node: NewNode) => encodeField(graphField.node, toBinary(NodeProtoSchema, create(NodeProtoSchema, node)));

const opsetField = (domain: string, version: bigint) =>
  encodeField(modelField.opsetImport, toBinary(OperatorSetIdProtoSchema, create(OperatorSetIdProtoSchema, { domain, version })));

const valueField = (field: number, value: ValueInfoProto) => encodeField(field, toBinary(ValueInfoProtoSchema, value));

type Shape = Extract<NonNullable<ValueInfoProto["type"]>["value"], { case: "tensorType" }>["value"]["shape"];

function tensorValue(name: string, elemType: number, shape?: Shape): ValueInfoProto {
  const value = shape === undefined ? { elemType } : { elemType, shape };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value } } });
}
