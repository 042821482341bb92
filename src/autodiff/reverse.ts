import { Problem } from "../base/index.ts";
import { type Element, type Node, usedBy } from "../onnx/index.ts";
import type { Draft } from "./draft.ts";
import { mathsOf } from "./maths.ts";
import { blocked, missing, NoGradient, operatorOf } from "./missing.ts";
import { isReal } from "./numbers.ts";
import type { Pullback, Pulled, Value } from "./pullback.ts";
import { pullbacks } from "./pullbacks/index.ts";
import { straightQuantised } from "./pullbacks/quantised.ts";
import { recomputation } from "./recompute.ts";

/** What counts as the identity although it has steps (straight-through, BPDA): nothing, unless declared. */
export interface StraightThrough {
  /** Rounding to int8 and back: the identity within the range that is held, zero beyond it. */
  readonly quantised?: "straight-through";
  /** Operators or nodes, by name, whose first output has the shape of their first input. */
  readonly straightThrough?: readonly string[];
}

interface Question extends StraightThrough {
  readonly of: Value;
  /** How `of` is called in problems; left out: by its name. */
  readonly shown?: string;
  /** The gradient of what is differentiated by `of`: of its shape. */
  readonly seed: Value;
  readonly wrt: readonly Value[];
  /** As shown to people. */
  readonly file: string;
  /** Into how many parts the way there is cut, of which all but the last are computed once more on the way back; left out: 1. */
  readonly segments?: number;
}

/**
 * The gradients of sum(seed * of), one for each of `wrt` and of its shape: reverse mode, over the nodes that lie between alone. Values of `wrt` are inputs, weights or
 * values in between. Throws GRADIENT_MISSING: what has no gradient is told, never zero. In place of a gradient stands GRADIENT_BLOCKED where nothing arrives.
 */
export function backpropagate(draft: Draft, question: Question): readonly (Value | Problem)[] {
  const nodes = [...draft.nodes];
  const active = activeValues(draft, nodes, question);
  const gradients = new Map<Value, Value>();
  const give = (value: Value, gradient: Value) => {
    const before = gradients.get(value);
    gradients.set(value, before === undefined ? gradient : mathsOf(draft).add(before, gradient));
  };
  give(question.of, question.seed);
  const seen = recomputation(draft, nodes, question.segments ?? 1, gradients);
  for (let position = nodes.length - 1; position >= 0; position--) {
    const node = nodes[position]!;
    const dys = node.outputs.map((output) => (active.has(output) ? (gradients.get(output) ?? null) : null));
    if (dys.every((dy) => dy === null)) continue;
    const wants = node.inputs.map((input) => active.has(input));
    const back = { node: seen(position), build: draft, dys, wants };
    for (const [at, gradient] of pulled(node, back, question).entries()) {
      const input = node.inputs[at] ?? "";
      if (gradient !== null && wants[at] === true) give(input, gradient);
    }
  }
  const why = (value: Value) =>
    blocked(value, question.shown ?? question.of, stepsBetween(nodes, value, question.of, active), question.file);
  return question.wrt.map((value) => gradients.get(value) ?? why(value));
}

/** All of them. Throws the first problem that stands in a gradient's place. */
export function all(gradients: readonly (Value | Problem)[]): readonly Value[] {
  return gradients.map((gradient) => {
    if (gradient instanceof Problem) throw gradient;
    return gradient;
  });
}

/** The values that change smoothly with those of `wrt`. */
function activeValues(draft: Draft, nodes: readonly Node[], { wrt, quantised, file }: Question): ReadonlySet<Value> {
  const active = new Set(wrt);
  const typeOf = (value: Value) => draft.known(value).element;
  for (const node of nodes) {
    const given = carriersOf(node).filter((value) => active.has(value));
    if (given.length === 0) continue;
    const lost = node.outputs.find((output) => output !== "" && !draft.has(output));
    if (lost !== undefined) throw missing(node, file, "its shape is known in a run alone");
    const types = new Set<Element>(given.map(typeOf));
    for (const output of node.outputs.filter(Boolean)) {
      const type = typeOf(output);
      if (isReal(type) || (quantised !== undefined && (/QuantizeLinear$/.test(node.op) || types.has(type)))) active.add(output);
    }
  }
  return active;
}

/** The inputs of which the values, and not only the type or shape, go into the outputs. */
function carriersOf(node: Node): readonly Value[] {
  if (node.op === "CastLike") return node.inputs.slice(0, 1);
  return /^(EyeLike|Random\w+Like)$/.test(node.op) ? [] : [...usedBy(node)];
}

function pulled(node: Node, back: Pulled, question: Question): readonly (Value | null)[] {
  const { wants } = back;
  const pullback = pullbackOf(node, question);
  if (pullback === undefined || !wants.includes(true)) throw missing(node, question.file);
  try {
    const gradients = pullback(back);
    const at = wants.findIndex((wanted, input) => wanted && gradients[input] === undefined);
    if (at >= 0) throw new NoGradient(`none is written for it by its input ${at + 1}`);
    return gradients;
  } catch (error) {
    if (error instanceof NoGradient) throw missing(node, question.file, error.message || undefined);
    throw error;
  }
}

const identity: Pullback = ({ dys }) => [dys[0] ?? null];

function pullbackOf(node: Node, { quantised, straightThrough = [] }: StraightThrough): Pullback | undefined {
  const op = operatorOf(node);
  if (straightThrough.includes(op) || straightThrough.includes(node.name)) return identity;
  const table: Readonly<Record<string, Pullback>> = quantised === undefined ? pullbacks : { ...pullbacks, ...straightQuantised };
  return Object.hasOwn(table, op) ? table[op] : undefined;
}

/** Where the way from one value to another leaves what is smooth. */
function stepsBetween(nodes: readonly Node[], from: Value, to: Value, active: ReadonlySet<Value>): readonly Node[] {
  const before = new Set([to]);
  const leading = nodes.toReversed().filter((node) => {
    const leads = node.outputs.some((output) => before.has(output));
    if (leads) for (const used of usedBy(node)) before.add(used);
    return leads;
  });
  const after = new Set([from]);
  return leading.reverse().filter((node) => {
    const reached = [...usedBy(node)].filter((value) => after.has(value));
    if (reached.length > 0) for (const output of node.outputs) after.add(output);
    return reached.some((value) => active.has(value)) && node.outputs.some((output) => output !== "" && !active.has(output));
  });
}
