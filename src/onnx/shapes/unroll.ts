import { int, int64s, node } from "../attributes.ts";
import { freshName } from "../inline.ts";
import type { Constant, Graph, Known, Node } from "../program.ts";
import { type Call, known, mismatch, unknown } from "./call.ts";
import { sameDims } from "./dims.ts";
import { alias } from "./inlined.ts";
import { knownOf, type Scope, scopeIn, setConstant, visit } from "./scope.ts";

/** Loops of more turns stay loops. */
export const mostTurns = 64;

export const varying = ({ element, dims }: Known): Known => known(element, dims);

/** What an unrolling collects: the states after the last turn, and what each turn gave besides. */
export interface Turns {
  readonly states: readonly string[];
  readonly scans: readonly (readonly string[])[];
}

export function addConstant(scope: Scope, hint: string, constant: Constant): string {
  const name = freshName(scope.walk.taken, hint);
  setConstant(scope, name, constant);
  return name;
}

export const hintOf = (node: Node) => node.name || node.outputs[0] || node.op;

/** The nodes of another turn, if there is room for them. */
export function hasRoom(scope: Scope, body: Graph): boolean {
  scope.walk.unrolled -= body.nodes.length + 1;
  return scope.walk.unrolled >= 0;
}

/** Where the turns of a scanned output go, and whether the last stands first. */
export interface Stacking {
  readonly axis: number;
  readonly isBackward: boolean;
}

/**
 * Unrolls on the side. When the turns come to their end, what they added becomes part of the scope, under the names of the node's outputs; otherwise
 * nothing is changed, and false is given.
 */
export function unroll(
  scope: Scope,
  of: Node,
  turns: (side: Scope) => Turns | undefined,
  stacking: (at: number, rank: number) => Stacking,
): boolean {
  const side = scopeIn(scope.walk, scope);
  const made = turns(side);
  if (made === undefined || made.scans.some(({ length }) => length === 0)) return false;
  for (const each of side.nodes) scope.nodes.push(each);
  for (const [name, value] of side.known) scope.known.set(name, value);
  for (const [name, constant] of side.constants) scope.constants.set(name, constant);
  for (const [at, name] of made.states.entries()) alias(scope, name, of.outputs[at] ?? "");
  for (const [at, parts] of made.scans.entries()) {
    const to = of.outputs[made.states.length + at] ?? "";
    if (to !== "") stack(scope, of, parts, stacking(at, knownOf(scope, parts[0] ?? "")?.dims.length ?? 0), to);
  }
  return true;
}

/** One value out of those of each turn, along a new axis. */
function stack(scope: Scope, of: Node, parts: readonly string[], { axis, isBackward }: Stacking, to: string) {
  const axes = addConstant(scope, `${hintOf(of)}/axis`, int64s([axis]));
  const rows = (isBackward ? parts.toReversed() : parts).map((part) => {
    const row = freshName(scope.walk.taken, `${hintOf(of)}/row`);
    visit(scope, node("Unsqueeze", [part, axes], [row]));
    return row;
  });
  visit(scope, node("Concat", rows, [to], { axis: int(axis) }));
}

/** States keep their type and shape from turn to turn. */
export function checkStates(call: Call, before: readonly Known[], after: readonly Known[]) {
  for (const [at, { element, dims }] of before.entries()) {
    const next = after[at];
    if (next?.element !== element) mismatch(call, `its state ${at} changes its type`);
    if (!sameDims(next.dims, dims)) unknown(call, `its state ${at} grows from [${dims}] to [${next.dims}] with each turn`);
  }
}
