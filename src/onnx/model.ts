import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from "./graph.ts";

/** A function that the file defines itself, out of other operators. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that a call may leave out, with the values that then hold. */
  readonly defaults: readonly OnnxAttribute[];
  readonly nodes: readonly OnnxNode[];
  readonly opsets: ReadonlyMap<string, number>;
}

/** A checked ONNX file: its outline, and its bytes for whatever is asked of it later. */
export interface ParsedModel {
  /** As shown to people: relative to the project. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly irVersion: number;
  readonly producer: string;
  /** What the file says of itself; short texts alone. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Version per domain; "" is the standard one. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
}

export interface OnnxModel extends ParsedModel {
  /** With links resolved. */
  readonly path: string;
  /** Files beside it that hold tensors, absolute. */
  readonly externalFiles: readonly string[];
}

/** Every tensor that the file stores, subgraphs and functions included. */
export function* tensorsOf(model: Pick<OnnxModel, "graph" | "functions">): Generator<OnnxTensor> {
  for (const graph of graphsOf(model.graph)) {
    yield* graph.initializers;
    yield* graph.nodes.flatMap((node) => node.attributes.flatMap((attribute) => attribute.tensors));
  }
  for (const made of model.functions) for (const attribute of made.defaults) yield* attribute.tensors;
  for (const node of model.functions.flatMap((made) => made.nodes)) {
    for (const attribute of node.attributes) {
      yield* attribute.tensors;
      for (const graph of attribute.graphs) yield* tensorsOf({ graph, functions: [] });
    }
  }
}

const makers = new WeakMap<OnnxGraph, ReadonlyMap<string, OnnxNode>>();

/** For each value that a node of the graph makes, that node. */
export function makersOf(graph: OnnxGraph): ReadonlyMap<string, OnnxNode> {
  const known = makers.get(graph) ?? new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  makers.set(graph, known);
  return known;
}

/** The graph and those inside it. */
export function* graphsOf(graph: OnnxGraph): Generator<OnnxGraph> {
  yield graph;
  for (const node of graph.nodes) for (const attribute of node.attributes) for (const inner of attribute.graphs) yield* graphsOf(inner);
}
