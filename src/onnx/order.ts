import { graphsOf } from "./attributes.ts";
import type { Graph, Node } from "./program.ts";
import { Malformed } from "./wire.ts";

/** The values that a node reads: its inputs, and what the graphs inside it take from around them. */
export function usedBy(node: Node): ReadonlySet<string> {
  const used = new Set(node.inputs);
  for (const [, inner] of graphsOf(node)) for (const name of freeNames(inner)) used.add(name);
  used.delete("");
  return used;
}

/** The names that a graph uses and does not make. */
export function freeNames(graph: Graph): ReadonlySet<string> {
  const free = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) for (const name of usedBy(node)) free.add(name);
  for (const { name } of graph.inputs) free.delete(name);
  for (const name of graph.constants.keys()) free.delete(name);
  for (const node of graph.nodes) for (const name of node.outputs) free.delete(name);
  return free;
}

/** The nodes, each after the makers of what it reads; otherwise as they stood. Throws Malformed when they go round in a circle. */
export function inOrder(nodes: readonly Node[]): readonly Node[] {
  const uses = nodes.map(usedBy);
  const makers = new Map(nodes.flatMap((node, at) => node.outputs.filter(Boolean).map((name) => [name, at] as const)));
  const isOrdered = uses.every((used, at) => [...used].every((name) => (makers.get(name) ?? -1) < at));
  return isOrdered ? nodes : sorted(nodes, uses, makers);
}

function sorted(nodes: readonly Node[], uses: readonly ReadonlySet<string>[], makers: ReadonlyMap<string, number>): Node[] {
  const waits = uses.map((used) => new Set([...used].map((name) => makers.get(name)).filter((at) => at !== undefined)));
  const readers = nodes.map((): number[] => []);
  for (const [at, before] of waits.entries()) for (const maker of before) readers[maker]!.push(at);
  const left = waits.map(({ size }) => size);
  const ready = left.flatMap((count, at) => (count === 0 ? [at] : []));
  const order: Node[] = [];
  for (let next = 0; next < ready.length; next++) {
    const at = ready[next]!;
    order.push(nodes[at]!);
    for (const reader of readers[at]!) if (--left[reader]! === 0) ready.push(reader);
  }
  if (order.length < nodes.length) throw new Malformed("its nodes wait for one another in a circle");
  return order;
}
