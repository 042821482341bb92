import { type Graph, graphsOf, type Node } from "../onnx/index.ts";

/** The values that a node needs: its inputs, and what the graphs inside it take from around them. */
export function usesOf(node: Node): readonly string[] {
  const inner = graphsOf(node).flatMap(([, graph]) => takenBy(graph));
  return inner.length === 0 ? node.inputs.filter(Boolean) : [...new Set([...node.inputs.filter(Boolean), ...inner])];
}

/** What a graph inside another uses and does not make. */
function takenBy({ nodes, inputs, outputs, constants }: Graph): readonly string[] {
  const own = new Set([...constants.keys(), ...inputs.map(({ name }) => name), ...nodes.flatMap((node) => node.outputs)]);
  const used = [...nodes.flatMap(usesOf), ...outputs.map(({ name }) => name)];
  return used.filter((name) => !own.has(name));
}
