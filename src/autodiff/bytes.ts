import { type Element, type Known, type Node, type Specialised, usedBy } from "../onnx/index.ts";
import type { Value } from "./pullback.ts";

const widths: Readonly<Record<Element, number>> = {
  float32: 4, float64: 8, float16: 2, bfloat16: 2, int8: 1, int16: 2, int32: 4, int64: 8, uint8: 1, uint16: 2, uint32: 4, uint64: 8, bool: 1,
  string: 32, opaque: 1,
}; // biome-ignore format: a table

/** Bytes of a tensor; a text counts as 32. */
export const bytesOf = ({ element, dims }: Pick<Known, "element" | "dims">): number =>
  dims.reduce((product, dim) => product * dim, widths[element]);

/** Operators that give what they are given in another shape: onnxruntime does not copy it. */
const views = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"]);

/**
 * Bytes that the tensors of one run take when they take most: nodes one after the other, each tensor until its last use, inputs and outputs to the end. Weights, and what
 * an operator needs for itself, do not count; nor do values of which the shape is known in a run alone.
 */
export function peakBytes({ graph, known }: Specialised): number {
  const sizeOf = (value: Value) => (graph.constants.has(value) ? 0 : bytesOf(known.get(value) ?? { element: "opaque", dims: [0] }));
  const owners = ownersIn(graph.nodes);
  const ownerOf = (value: Value) => owners.get(value) ?? value;
  const last = new Map<Value, number>();
  for (const [at, node] of graph.nodes.entries()) for (const value of [...usedBy(node), ...node.outputs]) last.set(ownerOf(value), at);
  for (const { name } of [...graph.inputs, ...graph.outputs]) last.set(ownerOf(name), Number.POSITIVE_INFINITY);
  let now = graph.inputs.reduce((sum, { name }) => sum + sizeOf(name), 0);
  let peak = now;
  for (const [at, node] of graph.nodes.entries()) {
    const made = node.outputs.filter((output) => ownerOf(output) === output);
    now += made.reduce((sum, output) => sum + sizeOf(output), 0);
    peak = Math.max(peak, now);
    const gone = new Set([...usedBy(node), ...node.outputs].map(ownerOf).filter((value) => last.get(value) === at));
    for (const value of gone) now -= sizeOf(value);
  }
  return peak;
}

/** The tensor of which each view is one. */
function ownersIn(nodes: readonly Node[]): ReadonlyMap<Value, Value> {
  const owners = new Map<Value, Value>();
  for (const { op, domain, inputs, outputs } of nodes) {
    const [x = ""] = inputs;
    if (domain === "" && views.has(op)) owners.set(outputs[0] ?? "", owners.get(x) ?? x);
  }
  return owners;
}
