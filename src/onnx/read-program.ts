import { Problem } from "../base/index.ts";
import { bytesOf, countOf } from "./check.ts";
import { elementOf } from "./element.ts";
import { readExternalData } from "./external.ts";
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue, SparseTensor } from "./graph.ts";
import { type Call, callOf, functionOf, type Inlining, inliningOf, passedOn } from "./inline.ts";
import { type OnnxModel, type ParsedModel, tensorsOf } from "./model.ts";
import { newestOpset } from "./operators.generated.ts";
import { inOrder } from "./order.ts";
import type { Attribute, Constant, Graph, Node, PortType, Program } from "./program.ts";
import { guarded } from "./read.ts";
import { plainAttribute } from "./read-attribute.ts";
import { constantAt, densified } from "./read-tensor.ts";

/** What a file of ONNX itself may hold: more could not be written again. */
export const mostBytes = 2 ** 31 - 1;

/**
 * The model as plain data: tensors of other files read, sparse ones dense, its own functions inlined. Values are views of the model's bytes where
 * these are aligned. An input with a stored default is that constant. Throws Problems: more than 2 GiB of constants, functions that call
 * themselves or expand without end, a damaged file.
 */
export async function readProgram(model: ParsedModel | OnnxModel): Promise<Program> {
  checkSize(model);
  const external = await readExternalData(model);
  return guarded(model.file, () => programOf({ model, external, inlining: inliningOf(model), constants: new Map() }));
}

function checkSize(model: ParsedModel) {
  const sparse = [...sparseOf(model.graph), ...model.functions.flatMap(({ nodes }) => nodes.flatMap(sparseOfNode))];
  const dense = sparse.map(({ values, dims }) => ({ ...values, dims }));
  let total = 0;
  for (const tensor of [...tensorsOf(model), ...dense]) total += bytesOf(tensor) ?? countOf(tensor);
  if (total <= mostBytes) return;
  const what = `its stored tensors take ${total} bytes; at most ${mostBytes} can be changed and written again`;
  throw new Problem("MODEL_TOO_LARGE", what, { file: model.file, remedy: "Use a smaller model for this, or one with narrower types." });
}

const sparseOf = (graph: OnnxGraph): SparseTensor[] => [...graph.sparse, ...graph.nodes.flatMap(sparseOfNode)];
const sparseOfNode = (node: OnnxNode): SparseTensor[] =>
  node.attributes.flatMap(({ sparse, graphs }) => [...sparse, ...graphs.flatMap(sparseOf)]);

interface Source {
  readonly model: ParsedModel;
  readonly external: ReadonlyMap<number, Uint8Array>;
  readonly inlining: Inlining;
  /** By where they start: one that is used in several places is read once. */
  readonly constants: Map<number, Constant>;
}

function programOf(source: Source): Program {
  const { file, irVersion, opsets, graph } = source.model;
  const lowered = [...opsets].map(([domain, version]) => [domain, lower(domain, version)] as const);
  return { file, irVersion, opsets: new Map(lowered), graph: readGraph(source, graph, "graph", undefined) };
}

const lower = (domain: string, version: number) => Math.min(version, newestOpset[domain] ?? version);

/** The version that a function's node is of, where the function says another than the model. */
function ownOpset({ opsets }: ParsedModel, domain: string, call: Call | undefined): { readonly opset?: number } {
  const own = call?.of.opsets.get(domain);
  return own === undefined || lower(domain, own) === lower(domain, opsets.get(domain) ?? own) ? {} : { opset: lower(domain, own) };
}

/** `call` is the call of a function inside which the graph is read. */
function readGraph(source: Source, graph: OnnxGraph, name: string, call: Call | undefined): Graph {
  const parts = new Set(graph.sparse.flatMap(({ values, indices }) => [values, indices]));
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializers) if (!parts.has(tensor)) constants.set(named(call, tensor.name), readTensor(source, tensor));
  for (const sparse of graph.sparse) constants.set(named(call, sparse.values.name), readSparse(source, sparse));
  const inputs = graph.inputs.map((value) => portOf(value, call)).filter((port) => !constants.has(port.name));
  const outputs = graph.outputs.map((value) => portOf(value, call));
  return { name, nodes: inOrder(graph.nodes.flatMap((node) => readNode(source, node, call))), constants, inputs, outputs };
}

const named = (call: Call | undefined, name: string) => (call === undefined || name === "" ? name : call.rename(name));

/** The node, or those of the function that it calls. */
function readNode(source: Source, outline: OnnxNode, call: Call | undefined): Node[] {
  const { name, op, domain } = outline;
  const inputs = outline.inputs.map((input) => named(call, input));
  const outputs = outline.outputs.map((output) => named(call, output));
  const attributes = readAttributes(source, outline.attributes, call);
  const node = { name, op, domain, inputs, outputs, attributes, ...ownOpset(source.model, domain, call) };
  const called = functionOf(source.inlining, outline);
  if (called === undefined) return [node];
  const given = new Map([...readAttributes(source, called.defaults, undefined), ...attributes]);
  const inner = callOf(source.inlining, called, { ...node, attributes: given }, call);
  return [...called.nodes.flatMap((each) => readNode(source, each, inner)), ...passedOn(inner, node)];
}

function readAttributes(source: Source, attributes: readonly OnnxAttribute[], call: Call | undefined): Map<string, Attribute> {
  const read = new Map<string, Attribute>();
  for (const attribute of attributes) {
    const value = readAttribute(source, attribute, call);
    if (value !== undefined) read.set(attribute.name === "sparse_value" ? "value" : attribute.name, value);
  }
  return read;
}

/** Undefined for a reference to an attribute that the call leaves out. */
function readAttribute(source: Source, attribute: OnnxAttribute, call: Call | undefined): Attribute | undefined {
  const plain = plainAttribute(source.model.bytes, attribute);
  if ("reference" in plain) return call?.attributes.get(plain.reference);
  if ("kind" in plain) return plain;
  const [graph] = attribute.graphs;
  if (plain.held === "graph") return graph && { kind: "graph", value: readGraph(source, graph, attribute.name, call) };
  const [sparse] = attribute.sparse;
  if (sparse !== undefined) return { kind: "tensor", value: readSparse(source, sparse) };
  const values = attribute.tensors.map((tensor) => readTensor(source, tensor));
  if (plain.held === "tensors") return { kind: "tensors", value: values };
  return values[0] && { kind: "tensor", value: values[0] };
}

function readTensor({ model, external, constants }: Source, tensor: OnnxTensor): Constant {
  const known = constants.get(tensor.start) ?? constantAt(model.bytes, tensor, external.get(tensor.start));
  constants.set(tensor.start, known);
  return known;
}

const readSparse = (source: Source, sparse: SparseTensor): Constant =>
  densified(readTensor(source, sparse.values), readTensor(source, sparse.indices), sparse);

function portOf({ name, type }: OnnxValue, call: Call | undefined): PortType {
  const tensor = type?.value.case === "tensorType" ? type.value.value : undefined;
  const dims = tensor?.shape?.dim.map(({ value }) => {
    if (value.case === "dimParam") return value.value === "" ? null : value.value;
    return value.case === "dimValue" && value.value >= 0n ? Number(value.value) : null;
  });
  return { name: named(call, name), element: tensor === undefined ? null : elementOf(tensor.elemType), dims: dims ?? null, proto: type };
}
