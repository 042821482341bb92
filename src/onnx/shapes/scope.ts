import { quoted } from "../../base/index.ts";
import { usedBy } from "../order.ts";
import type { Constant, Graph, Known, Node, PortType } from "../program.ts";
import { clamped } from "./bounds.ts";
import { callText, ShapeError, Shapeless } from "./call.ts";
import { bytesOf, foldNode, mostFolded } from "./fold/fold.ts";
import { inferNode } from "./infer.ts";

/** What goes on over a whole program. */
export interface Walk {
  /** Names that stand anywhere in the program. */
  readonly taken: Set<string>;
  /** No value may be larger, in bytes. */
  readonly mostBytes: number;
  /** Nodes that may still be looked at: loops inside loops multiply. */
  visits: number;
  /** Nodes that may still be added by unrolling. */
  unrolled: number;
  /** Bytes that may still go through folding. */
  folding: number;
  /** Numbers that are known to be no smaller, by the name of the value. */
  readonly least: Map<string, number>;
  /** Why nothing is known of a value, by its name. */
  readonly reasons: Map<string, ShapeError>;
  /** Operators that hold graphs. */
  readonly holders: Readonly<Record<string, (scope: Scope, node: Node) => void>>;
}

/** A graph as it is rebuilt, inside those around it. */
export interface Scope {
  readonly walk: Walk;
  readonly around: Scope | undefined;
  readonly known: Map<string, Known>;
  readonly constants: Map<string, Constant>;
  readonly nodes: Node[];
}

/** A program may be looked at as often as this, loops inside loops included. */
const mostVisits = 4_000_000;
/** Unrolling adds no more nodes than this. */
const mostUnrolled = 20_000;
/** Folding reads and writes no more bytes than this over a whole program. */
const mostFolding = 2 ** 29;

export const walkOf = (taken: Set<string>, mostBytes: number, holders: Walk["holders"]): Walk => ({
  taken,
  mostBytes,
  holders,
  least: new Map(),
  reasons: new Map(),
  visits: mostVisits,
  unrolled: mostUnrolled,
  folding: mostFolding,
});

export const scopeIn = (walk: Walk, around?: Scope): Scope => ({ walk, around, known: new Map(), constants: new Map(), nodes: [] });

export function knownOf(scope: Scope, name: string): Known | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.around) {
    const found = at.known.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function setConstant(scope: Scope, name: string, constant: Constant): void {
  scope.constants.set(name, constant);
  scope.known.set(name, { element: constant.element, dims: constant.dims, constant });
}

/** Why nothing is known of a value that this node uses. */
export function reasonOf({ walk }: Scope, name: string, node: Node): ShapeError {
  const what = `${callText({ node, inputs: [] })} uses ${quoted(name)}, which is no tensor`;
  return walk.reasons.get(name) ?? new ShapeError("unknown", node, what);
}

/** What is known of each input; undefined where one is left out. */
export const inputsOf = (scope: Scope, node: Node): readonly (Known | undefined)[] =>
  node.inputs.map((name) => (name === "" ? undefined : (knownOf(scope, name) ?? new Shapeless(reasonOf(scope, name, node)))));

/**
 * Infers a node, and adds it to the graph or its values to the constants. Where its shapes are known in a run alone it stays as it is, and why is
 * remembered. Throws ShapeError when shapes do not fit or are too large.
 */
export function visit(scope: Scope, node: Node): void {
  const { walk } = scope;
  if (--walk.visits < 0) throw new ShapeError("large", node, "its loops inside loops have more nodes than any model needs");
  const holder = node.domain === "" && Object.hasOwn(walk.holders, node.op) ? walk.holders[node.op] : visitPlain;
  try {
    holder?.(scope, node);
  } catch (error) {
    if (!(error instanceof ShapeError) || error.kind !== "unknown") throw error;
    keep(scope, node, []);
    for (const name of node.outputs) walk.reasons.set(name, error);
  }
}

function visitPlain(scope: Scope, node: Node) {
  const { walk } = scope;
  const inputs = inputsOf(scope, node);
  for (const value of inputs) if (value !== undefined && !(value instanceof Shapeless)) checkRank(node, value);
  const outputs = inferNode(node, inputs);
  for (const output of outputs) checkSize(walk, node, output);
  const isWhole = !inputs.some((value) => value instanceof Shapeless);
  const constants = isWhole ? (folded(walk, node, inputs, outputs) ?? clamped(scope, node, inputs)) : undefined;
  if (constants === undefined) keep(scope, node, outputs);
  for (const [at, constant] of constants?.entries() ?? []) if (node.outputs[at]) setConstant(scope, node.outputs[at], constant);
}

/** The node stays, and this is what it gives. */
export function keep(scope: Scope, node: Node, outputs: readonly Known[]): void {
  scope.nodes.push(node);
  for (const [at, output] of outputs.entries()) if (node.outputs[at]) scope.known.set(node.outputs[at], output);
}

/** Dimensions of any value; no model has more, and work on shapes grows with their square. */
const mostDims = 64;

function checkRank(node: Node, { dims }: Known) {
  if (dims.length <= mostDims) return;
  const what = `${callText({ node, inputs: [] })} has a value of ${dims.length} dimensions`;
  throw new ShapeError("large", node, `${what}; at most ${mostDims} are looked at`);
}

function checkSize({ mostBytes }: Walk, node: Node, output: Known) {
  checkRank(node, output);
  const bytes = bytesOf(output);
  if (bytes <= mostBytes) return;
  const what = `${callText({ node, inputs: [] })} gives ${output.element}[${output.dims}], which takes ${bytes} bytes`;
  throw new ShapeError("large", node, `${what}; at most ${mostBytes} are given to one value`);
}

function folded(walk: Walk, node: Node, inputs: readonly (Known | undefined)[], outputs: readonly Known[]) {
  const cost = [...inputs, ...outputs].reduce((sum, value) => sum + Math.min(value === undefined ? 0 : bytesOf(value), mostFolded), 64);
  if (cost > walk.folding) return undefined;
  const constants = foldNode(node, inputs, outputs);
  if (constants !== undefined) walk.folding -= cost;
  return constants;
}

/** The rebuilt graph: nodes and constants that no output needs are left out. */
export function closed(scope: Scope, { name, inputs, outputs }: Graph): Graph {
  const live = new Set(outputs.map((port) => port.name));
  const nodes = scope.nodes.toReversed().filter((node) => {
    const isLive = node.outputs.some((output) => live.has(output));
    if (isLive) for (const used of usedBy(node)) live.add(used);
    return isLive;
  });
  const constants = new Map([...scope.constants].filter(([of]) => live.has(of)));
  const typed = (port: PortType) => withKnown(port, knownOf(scope, port.name));
  return { name, nodes: nodes.reverse(), constants, inputs: inputs.map(typed), outputs: outputs.map(typed) };
}

const withKnown = (port: PortType, of: Known | undefined): PortType =>
  of === undefined ? port : { ...port, element: of.element, dims: of.dims };

/** The names of values and nodes that stand in a graph and in those inside it. */
export function* namesIn(graph: Graph): Generator<string> {
  for (const { name } of [...graph.inputs, ...graph.outputs]) yield name;
  yield* graph.constants.keys();
  for (const node of graph.nodes) {
    yield node.name;
    yield* node.inputs;
    yield* node.outputs;
    for (const attribute of node.attributes.values()) if (attribute.kind === "graph") yield* namesIn(attribute.value);
  }
}
