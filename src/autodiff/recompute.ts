import { type Node, usedBy } from "../onnx/index.ts";
import { bytesOf } from "./bytes.ts";
import { type Draft, isRepeatable } from "./draft.ts";
import { mathsOf } from "./maths.ts";
import { isReal } from "./numbers.ts";
import type { Value } from "./pullback.ts";

/** What the way back asks, node by node from the last to the first: the node as it is to be seen there. */
export type Recomputation = (at: number) => Node;

/**
 * Cuts the nodes into segments. On the way back, each but the last is computed once more from what crosses into it (Chen et al. 2016), so that in between only this
 * is kept. With one segment nodes are seen as they are.
 */
export function recomputation(draft: Draft, nodes: readonly Node[], segments: number, gradients: ReadonlyMap<Value, Value>): Recomputation {
  const cuts = cutsOf(draft, nodes, segments);
  const kept = new Set<Value>();
  let from = cuts.at(-1) ?? 0;
  let names: ReadonlyMap<Value, Value> = new Map();
  const rename = (value: Value) => names.get(value) ?? value;
  return (at) => {
    if (at < from) {
      const to = cuts.find((cut) => cut > at) ?? from;
      from = cuts.findLast((cut) => cut <= at) ?? 0;
      const part = nodes.slice(from, to);
      names = madeAgain(draft, part, lastOf(draft, part, gradients), kept);
    }
    const node = nodes[at]!;
    return names.size === 0 ? node : { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
  };
}

/** The gradient of what leaves a segment that was added last; null where none arrives. */
function lastOf(draft: Draft, part: readonly Node[], gradients: ReadonlyMap<Value, Value>): Value | null {
  const arrived = new Set(part.flatMap(({ outputs }) => outputs.map((output) => gradients.get(output))));
  return draft.nodes.flatMap(({ outputs }) => outputs).findLast((output) => arrived.has(output)) ?? null;
}

/**
 * The nodes of a segment once more: by which names its values are known then. They start from what crosses into it, and that with a zero added which waits for the
 * gradient that arrives: else onnxruntime would take both for the same, or compute all segments again before the way back begins.
 */
function madeAgain(draft: Draft, part: readonly Node[], arrived: Value | null, kept: Set<Value>): ReadonlyMap<Value, Value> {
  const names = new Map<Value, Value>();
  if (arrived === null || draft.known(arrived).dims.includes(0)) return names;
  const own = new Set(part.flatMap(({ outputs }) => outputs).filter((output) => !kept.has(output)));
  const late = (value: Value): Value => {
    const before = names.get(value);
    if (before !== undefined || value === "" || own.has(value) || !draft.has(value)) return before ?? value;
    const { element, constant } = draft.known(value);
    if (!isReal(element) || constant !== undefined) return value;
    kept.add(value);
    names.set(value, mathsOf(draft).add(value, zeroAfter(draft, arrived, value)));
    return names.get(value) ?? value;
  };
  for (const node of part) {
    const inputs = node.inputs.map(late);
    if (!canBeAgain(draft, node) || inputs.every((input, at) => input === node.inputs[at])) continue;
    for (const [at, output] of draft.again(node, inputs).entries()) {
      const original = node.outputs[at] ?? "";
      if (own.has(original)) names.set(original, output);
    }
    for (const output of node.outputs) late(output);
  }
  return names;
}

const canBeAgain = (draft: Draft, node: Node) => isRepeatable(node) && node.outputs.every((output) => output === "" || draft.has(output));

/** Zero, of the type of `like`, known only when `arrived` is: whatever that holds. */
function zeroAfter(draft: Draft, arrived: Value, like: Value): Value {
  const m = mathsOf(draft);
  const count = draft.known(arrived).dims.reduce((product, dim) => product * dim, 1);
  const one = draft.add("Slice", [m.reshape(arrived, [count]), draft.ints(0), draft.ints(1)]);
  const yes = draft.constant(Uint8Array.of(1), [], "bool");
  return m.where(yes, draft.scalar(0, like), m.cast(m.reshape(one, []), like));
}

/** Where segments but the first begin: each holds about as much, and as little as may be crosses between. */
function cutsOf(draft: Draft, nodes: readonly Node[], segments: number): readonly number[] {
  if (segments <= 1) return [];
  const sizeOf = (value: Value) => (draft.has(value) ? bytesOf(draft.known(value)) : 0);
  const sizes = nodes.map(({ outputs }) => outputs.reduce((sum, output) => sum + sizeOf(output), 0));
  const total = sizes.reduce((a, b) => a + b, 0);
  const crossing = crossings(nodes, sizeOf);
  const cuts = new Map<number, number>();
  let sum = 0;
  for (let at = 1; at < nodes.length; at++) {
    sum += sizes[at - 1] ?? 0;
    const nearest = Math.round((segments * sum) / total);
    const best = cuts.get(nearest);
    if (nearest >= 1 && nearest < segments && (best === undefined || crossing[at]! <= crossing[best]!)) cuts.set(nearest, at);
  }
  return [...cuts.values()];
}

/** Bytes of what is made before each node, and used by it or later. */
function crossings(nodes: readonly Node[], sizeOf: (value: Value) => number): readonly number[] {
  const last = new Map<Value, number>();
  for (const [at, node] of nodes.entries()) for (const value of usedBy(node)) last.set(value, at);
  const change = new Float64Array(nodes.length + 1);
  for (const [at, { outputs }] of nodes.entries())
    for (const output of outputs) {
      const until = last.get(output) ?? at;
      change[at + 1]! += sizeOf(output);
      change[until + 1]! -= sizeOf(output);
    }
  let now = 0;
  return Array.from(change, (by) => (now += by));
}
