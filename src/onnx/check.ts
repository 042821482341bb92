import { TensorProto_DataType as Type } from "onnx-buf";
import { Problem, Problems, quoted } from "../base/index.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./graph.ts";
import { type OnnxFunction, type ParsedModel, tensorsOf } from "./model.ts";
import { changedSince, knownIr, knownOpset, newestIr, newestOpset, operators } from "./operators.generated.ts";

type Found = (problem: Problem) => void;

/** More of one file help nobody. */
const mostProblems = 20;

/** Checks versions, operators, names and tensors of a parsed file; throws all that is wrong. */
export function checkModel(model: ParsedModel): void {
  const problems: Problem[] = [];
  const found: Found = (problem) => {
    problems.push(problem);
    if (problems.length >= mostProblems) throw new Problems(problems);
  };
  checkVersions(model, found);
  checkOperators(model, found);
  checkNames(model, found);
  for (const tensor of tensorsOf(model)) checkTensor(tensor, model.file, found);
  if (problems.length > 0) throw new Problems(problems);
}

export const tensorPlace = ({ name }: { name: string }) => `tensor ${quoted(name)}`;
const nodePlace = ({ name, op, outputs }: OnnxNode) => `node ${quoted(name || outputs[0] || "")} (${quoted(op, 40).slice(1, -1)})`;

const olderOpset = "Export the model for an older opset.";

/** Files of newer versions than onnxruntime's are lowered (see `rewrite`) where they use nothing that these versions changed. */
function checkVersions({ file, irVersion, opsets, functions }: ParsedModel, found: Found) {
  if (irVersion > knownIr) {
    const what = `the model is of IR version ${irVersion}; the newest that onnxruntime reads here is ${newestIr}`;
    found(new Problem("MODEL_OPSET_UNSUPPORTED", what, { file, remedy: "Export the model with an older IR version." }));
  }
  if (irVersion < 1)
    found(new Problem("MODEL_UNREADABLE", "the model states no IR version", { file, remedy: "Export the model to ONNX again." }));
  for (const [domain, version] of opsets)
    if (domain !== "" || version < 1 || version > knownOpset) checkOpset(domain, version, file, found);
  for (const made of functions) for (const [domain, version] of made.opsets) checkOpset(domain, version, file, found);
}

function checkOpset(domain: string, version: number, file: string, found: Found) {
  const newest = newestOpset[domain];
  if (newest === undefined || (version >= 1 && version <= newest)) return;
  const what = `the model uses opset ${version} of ${domainText(domain)}; the newest that onnxruntime runs here is ${newest}`;
  found(new Problem("MODEL_OPSET_UNSUPPORTED", what, { file, remedy: olderOpset }));
}

const domainText = (domain: string) => (domain === "" ? "ai.onnx" : quoted(domain).slice(1, -1));

function checkOperators({ file, graph, functions, opsets }: ParsedModel, found: Found) {
  const own = new Set(functions.map(({ domain, name }) => `${domain}:${name}`));
  const check = (nodes: readonly OnnxNode[], versions: ParsedModel["opsets"]) => {
    for (const node of nodes) {
      if (!own.has(`${node.domain}:${node.op}`)) checkOperator(node, versions, file, found);
      for (const { graphs } of node.attributes) for (const inner of graphs) check(inner.nodes, versions);
    }
  };
  check(graph.nodes, opsets);
  for (const made of functions) check(made.nodes, opsetsOf(made, opsets));
}

const opsetsOf = (made: OnnxFunction, ofModel: ParsedModel["opsets"]) => new Map([...ofModel, ...made.opsets]);

function checkOperator(node: OnnxNode, opsets: ParsedModel["opsets"], file: string, found: Found) {
  const problem = (what: string, remedy: string) =>
    found(new Problem("MODEL_OPERATOR_UNKNOWN", what, { file, at: nodePlace(node), remedy }));
  const named = `operator ${quoted(node.op)} of ${domainText(node.domain)}`;
  const changed = node.domain === "" && Object.hasOwn(changedSince, node.op) ? changedSince[node.op] : undefined;
  if (changed !== undefined && (opsets.get("") ?? 0) >= changed) {
    const what = `${named} is new or another since opset ${changed}, and so in this file; the newest that onnxruntime runs here is ${newestOpset[""]}`;
    return found(new Problem("MODEL_OPSET_UNSUPPORTED", what, { file, at: nodePlace(node), remedy: olderOpset }));
  }
  const table = Object.hasOwn(operators, node.domain) ? operators[node.domain] : undefined;
  const span = table && Object.hasOwn(table, node.op) ? table[node.op] : undefined;
  if (span === undefined)
    return problem(
      `${named} is not known to onnxruntime`,
      "Export the model with standard operators only: custom ones would run code of their own.",
    );
  const version = opsets.get(node.domain) ?? (node.domain === "com.microsoft" ? 1 : undefined);
  if (version === undefined)
    return problem(`${named} is used, but the file names no version of that domain`, "Export the model to ONNX again.");
  const [first = 1, gone = Number.POSITIVE_INFINITY] = span;
  if (version < first)
    problem(`${named} exists since opset ${first}; the file is of opset ${version}`, `Export the model for opset ${first} or newer.`);
  if (version >= gone) problem(`${named} was withdrawn in opset ${gone}; the file is of opset ${version}`, olderOpset);
}

function checkNames({ file, graph }: ParsedModel, found: Found) {
  const invalid = (what: string, at: string) =>
    found(new Problem("MODEL_INVALID", what, { file, at, remedy: "Export the model to ONNX again." }));
  checkScope(graph, undefined, invalid);
  if (graph.outputs.length === 0) invalid("the model has no output", "graph");
  for (const list of [graph.inputs, graph.outputs]) {
    const seen = new Set<string>();
    for (const { name } of list) {
      if (seen.has(name)) invalid("two inputs or two outputs have the same name", tensorPlace({ name }));
      seen.add(name);
    }
  }
}

/** The names that a graph may use: its own, and those of the graphs around it. */
interface Names {
  readonly own: ReadonlySet<string>;
  readonly around: Names | undefined;
}

function knows(names: Names | undefined, name: string): boolean {
  for (let scope = names; scope !== undefined; scope = scope.around) if (scope.own.has(name)) return true;
  return name === "";
}

/** Every value is made once, and whatever is used is made somewhere: in this graph or around it. */
function checkScope(graph: OnnxGraph, around: Names | undefined, invalid: (what: string, at: string) => void) {
  const names = { own: namesOf(graph, invalid), around };
  for (const node of graph.nodes) {
    for (const name of node.inputs) if (!knows(names, name)) invalid(`its input ${quoted(name)} is made by nothing`, nodePlace(node));
    for (const { graphs } of node.attributes) for (const inner of graphs) checkScope(inner, names, invalid);
  }
  for (const { name } of graph.outputs) if (!knows(names, name)) invalid("an output is made by nothing", tensorPlace({ name }));
}

function namesOf(graph: OnnxGraph, invalid: (what: string, at: string) => void): Set<string> {
  const stored = new Set<string>();
  for (const tensor of graph.initializers) {
    if (tensor.name !== "" && stored.has(tensor.name)) invalid("two stored tensors have the same name", tensorPlace(tensor));
    stored.add(tensor.name);
  }
  const made = new Set([...stored, ...graph.inputs.map(({ name }) => name)]);
  for (const node of graph.nodes) {
    for (const name of node.outputs) {
      if (name !== "" && made.has(name)) invalid(`its output ${quoted(name)} is made twice`, nodePlace(node));
      made.add(name);
    }
  }
  return made;
}

const bits: Readonly<Record<number, number>> = {
  [Type.FLOAT]: 32,
  [Type.UINT8]: 8,
  [Type.INT8]: 8,
  [Type.UINT16]: 16,
  [Type.INT16]: 16,
  [Type.INT32]: 32,
  [Type.INT64]: 64,
  [Type.BOOL]: 8,
  [Type.FLOAT16]: 16,
  [Type.DOUBLE]: 64,
  [Type.UINT32]: 32,
  [Type.UINT64]: 64,
  [Type.COMPLEX64]: 64,
  [Type.COMPLEX128]: 128,
  [Type.BFLOAT16]: 16,
  [Type.FLOAT8E4M3FN]: 8,
  [Type.FLOAT8E4M3FNUZ]: 8,
  [Type.FLOAT8E5M2]: 8,
  [Type.FLOAT8E5M2FNUZ]: 8,
  [Type.UINT4]: 4,
  [Type.INT4]: 4,
  [Type.FLOAT4E2M1]: 4,
  [Type.FLOAT8E8M0]: 8,
  [Type.UINT2]: 2,
  [Type.INT2]: 2,
};
const oneFieldPerValue: readonly number[] = [Type.FLOAT, Type.DOUBLE, Type.INT32, Type.INT64, Type.UINT64, Type.STRING];

/** Values that a tensor of these dimensions holds. */
export const countOf = ({ dims }: Pick<OnnxTensor, "dims">) => dims.reduce((product, dim) => product * dim, 1);

/** Bytes of its values as raw data; undefined for texts. */
export function bytesOf(tensor: OnnxTensor): number | undefined {
  const width = bits[tensor.type];
  return width === undefined ? undefined : Math.ceil((countOf(tensor) * width) / 8);
}

function checkTensor(tensor: OnnxTensor, file: string, found: Found) {
  const invalid = (what: string) =>
    found(new Problem("MODEL_INVALID", what, { file, at: tensorPlace(tensor), remedy: "Export the model to ONNX again." }));
  const { dims, type, rawBytes, typedCount, external } = tensor;
  if (dims.some((dim) => dim < 0) || !Number.isSafeInteger(countOf(tensor) * 128))
    return invalid(`its shape [${dims.join(", ")}] is not possible`);
  if (type !== Type.STRING && bits[type] === undefined) return invalid(`its type ${type} is unknown`);
  if (external !== undefined) return;
  const needed = bytesOf(tensor);
  if (rawBytes !== undefined && rawBytes > 0) {
    if (rawBytes !== needed) invalid(`its shape [${dims.join(", ")}] needs ${needed ?? "texts, not"} bytes; ${rawBytes} are there`);
  } else if (oneFieldPerValue.includes(type) ? typedCount !== countOf(tensor) : typedCount === 0 && countOf(tensor) > 0) {
    invalid(`its shape [${dims.join(", ")}] needs ${countOf(tensor)} values; ${typedCount} are there`);
  }
}
