import { int, int64s, intOf, intsOf, node } from "../attributes.ts";
import { freshName } from "../inline.ts";
import type { Graph, Known, Node } from "../program.ts";
import { bodyOf, graphNamed, withGraphs } from "./branches.ts";
import { axisOf, type Call, input, known, mismatch } from "./call.ts";
import { inline } from "./inlined.ts";
import { inputsOf, keep, type Scope, visit } from "./scope.ts";
import { addConstant, checkStates, hasRoom, hintOf, mostTurns, type Stacking, type Turns, unroll, varying } from "./unroll.ts";

/** How a Scan goes over its inputs and outputs. */
interface Scanning {
  readonly states: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly value: Known; readonly axis: number; readonly isBackward: boolean }[];
  readonly length: number;
}

function scanningOf(call: Call): Scanning {
  const of = call.node;
  const count = intOf(of, "num_scan_inputs", 0);
  const first = of.inputs.length - count;
  const [axes, directions] = [intsOf(of, "scan_input_axes") ?? [], intsOf(of, "scan_input_directions") ?? []];
  const inputs = of.inputs.slice(first).map((name, at) => {
    const value = input(call, first + at);
    return { name, value, axis: axisOf(call, axes[at] ?? 0, value.dims.length), isBackward: directions[at] === 1 };
  });
  const lengths = new Set(inputs.map(({ value, axis }) => value.dims[axis] ?? 0));
  const [length, other] = lengths;
  if (length === undefined || other !== undefined) mismatch(call, "its scanned inputs are of different lengths");
  return { states: of.inputs.slice(0, first), inputs, length };
}

function scanTurns(side: Scope, of: Node, body: Graph, { states: first, inputs, length }: Scanning): Turns | undefined {
  let states = first;
  const scans: string[][] = body.outputs.slice(states.length).map(() => []);
  const hint = hintOf(of);
  for (let turn = 0; turn < length; turn++) {
    if (!hasRoom(side, body)) return undefined;
    const rows = inputs.map(({ name, axis, isBackward }) => {
      const at = addConstant(side, `${hint}/turn`, int64s([isBackward ? length - 1 - turn : turn], []));
      const row = freshName(side.walk.taken, `${hint}/row`);
      visit(side, node("Gather", [name, at], [row], { axis: int(axis) }));
      return row;
    });
    const made = inline(side, body, [...states, ...rows], hint);
    for (const [at, scan] of scans.entries()) scan.push(made[states.length + at] ?? "");
    states = made.slice(0, states.length);
  }
  return { states, scans };
}

function scanOutput(call: Call, at: number, rank: number): Stacking {
  const [axes, directions] = [intsOf(call.node, "scan_output_axes") ?? [], intsOf(call.node, "scan_output_directions") ?? []];
  return { axis: axisOf(call, axes[at] ?? 0, rank + 1), isBackward: directions[at] === 1 };
}

/** A Scan of few turns is unrolled; another one is known by its body. */
export function visitScan(scope: Scope, of: Node): void {
  const call: Call = { node: of, inputs: inputsOf(scope, of) };
  const body = graphNamed(of, "body");
  const scanning = scanningOf(call);
  const isShort = scanning.length > 0 && scanning.length <= mostTurns;
  const isDone =
    isShort &&
    unroll(
      scope,
      of,
      (side) => scanTurns(side, of, body, scanning),
      (at, rank) => scanOutput(call, at, rank),
    );
  if (!isDone) inferScan(scope, call, body, scanning);
}

function inferScan(scope: Scope, call: Call, body: Graph, { states, inputs, length }: Scanning) {
  const carried = states.map((_, at) => varying(input(call, at)));
  const rows = inputs.map(({ value, axis }) => known(value.element, value.dims.toSpliced(axis, 1)));
  const inner = bodyOf(scope, call.node, body, [...carried, ...rows]);
  checkStates(call, carried, inner.outputs);
  const scans = inner.outputs.slice(states.length).map(({ element, dims }, at) => {
    const { axis } = scanOutput(call, at, dims.length);
    return known(element, dims.toSpliced(axis, 0, length));
  });
  keep(scope, withGraphs(call.node, { body: inner.graph }), [...carried, ...scans]);
}
