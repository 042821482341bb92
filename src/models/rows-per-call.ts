import type { OnnxNode, ParsedModel } from "../onnx/index.ts";
import type { Port } from "./model.ts";

/** How many rows a model takes at a time, no more and no fewer; null: any number. */
export function rowsPerCall(model: Pick<ParsedModel, "graph" | "functions">, ports: readonly Port[]): number | null {
  const fixed = ports.map(({ shape }) => shape[0] ?? null).find((rows) => rows !== null); // as some exporters have it; the binding was checked for one number
  return fixed ?? (looksAtOthers(model) ? 1 : null);
}

/** Operators of dynamic quantisation take a scale from all values of a call: only alone does a row get an answer of its own. */
const scaledByCall = new Set(["DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM"]);

function looksAtOthers({ graph, functions }: Pick<ParsedModel, "graph" | "functions">): boolean {
  const bodies = [graph.nodes, ...functions.map(({ nodes }) => nodes)];
  return bodies.some((nodes) => nodes.some(isScaledByCall));
}

const isScaledByCall = ({ op, attributes }: OnnxNode): boolean =>
  scaledByCall.has(op) || attributes.some(({ graphs }) => graphs.some(({ nodes }) => nodes.some(isScaledByCall)));
