import type { Node, Specialised } from "../onnx/index.ts";
import { usedBy } from "../onnx/index.ts";

/**
 * The program with each Relu that only a MaxPool sees put behind it: the greatest of what Relu leaves is what Relu leaves of the greatest. The same numbers, and the
 * gradient's mask is made at the size of the pool's output.
 */
export function reluBehindPool(program: Specialised): Specialised {
  const { graph } = program;
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const uses = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap((node) => [...usedBy(node)]), ...graph.outputs.map(({ name: output }) => output)])
    uses.set(name, (uses.get(name) ?? 0) + 1);
  const known = new Map(program.known);
  const swapped = new Map<Node, readonly Node[]>();
  for (const pool of graph.nodes) {
    const relu = makers.get(pool.inputs[0] ?? "");
    const [y = "", places] = pool.outputs;
    if (pool.op !== "MaxPool" || pool.domain !== "" || relu?.op !== "Relu" || relu.domain !== "" || places) continue;
    const [between = ""] = relu.outputs;
    if (uses.get(between) !== 1 || swapped.has(relu)) continue;
    const facts = known.get(y);
    if (facts === undefined) continue;
    known.set(between, facts);
    swapped.set(relu, []);
    swapped.set(pool, [
      { ...pool, inputs: relu.inputs, outputs: [between] },
      { ...relu, inputs: [between], outputs: [y] },
    ]);
  }
  if (swapped.size === 0) return program;
  return { ...program, known, graph: { ...graph, nodes: graph.nodes.flatMap((node) => swapped.get(node) ?? [node]) } };
}
