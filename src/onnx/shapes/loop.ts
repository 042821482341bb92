import { int64s } from "../attributes.ts";
import type { Constant, Graph, Known, Node } from "../program.ts";
import { bodyOf, graphNamed, withGraphs } from "./branches.ts";
import { type Call, callText, input, known, number, ShapeError } from "./call.ts";
import { inline } from "./inlined.ts";
import { inputsOf, keep, knownOf, type Scope } from "./scope.ts";
import { addConstant, checkStates, hasRoom, hintOf, mostTurns, type Turns, unroll, varying } from "./unroll.ts";

const truth: Constant = { element: "bool", type: 9, dims: [], values: Uint8Array.of(1) };
const always: Known = { element: "bool", dims: [], constant: truth };

const isTrue = (value: Known | undefined): boolean | undefined => value?.constant && Number(value.constant.values[0]) !== 0;

/** Turn after turn while the condition is known; undefined when it is not, or when there are too many. */
function loopTurns(side: Scope, node: Node, body: Graph, count: number): Turns | undefined {
  let states: readonly string[] = node.inputs.slice(2);
  const scans: string[][] = body.outputs.slice(1 + states.length).map(() => []);
  const hint = hintOf(node);
  const yes = addConstant(side, `${hint}/true`, truth);
  for (let turn = 0; turn < count; turn++) {
    if (turn >= mostTurns || !hasRoom(side, body)) return undefined;
    const number = addConstant(side, `${hint}/turn`, int64s([turn], []));
    const [goesOn = "", ...made] = inline(side, body, [number, yes, ...states], hint);
    const isOn = isTrue(knownOf(side, goesOn));
    if (isOn === undefined) return undefined;
    for (const [at, scan] of scans.entries()) scan.push(made[states.length + at] ?? "");
    states = made.slice(0, states.length);
    if (!isOn) break;
  }
  return { states, scans };
}

/** Turns that a Loop takes at most, as far as its inputs say so. */
function turnsOf(call: Call): number | undefined {
  const [most, first] = [call.inputs[0], call.inputs[1]];
  if (isTrue(first) === false) return 0;
  if (first !== undefined && first.constant === undefined) return undefined;
  if (most === undefined) return Number.POSITIVE_INFINITY;
  return most.constant === undefined ? undefined : Math.max(number(call, 0) ?? 0, 0);
}

/** A Loop of few turns whose end is known is unrolled; another one is known by its body, if its states keep their shapes. */
export function visitLoop(scope: Scope, node: Node): void {
  const call: Call = { node, inputs: inputsOf(scope, node) };
  const body = graphNamed(node, "body");
  const count = turnsOf(call);
  const isShort = count !== undefined && (count <= mostTurns || count === Number.POSITIVE_INFINITY);
  const isDone =
    isShort &&
    unroll(
      scope,
      node,
      (side) => loopTurns(side, node, body, count),
      () => ({ axis: 0, isBackward: false }),
    );
  if (!isDone) inferLoop(scope, call, body, count);
}

function inferLoop(scope: Scope, call: Call, body: Graph, count: number | undefined) {
  const { node } = call;
  const states = call.inputs.slice(2).map((_, at) => varying(input(call, at + 2)));
  const inner = bodyOf(scope, node, body, [known("int64", []), always, ...states]);
  const [goesOn, ...outputs] = inner.outputs;
  checkStates(call, states, outputs);
  const scans = outputs.slice(states.length);
  const turns = isTrue(goesOn) === true && count !== Number.POSITIVE_INFINITY ? count : undefined;
  const whole = turns === undefined ? [] : scans.map(({ element, dims }) => known(element, [turns, ...dims]));
  keep(scope, withGraphs(node, { body: inner.graph }), [...states, ...whole]);
  const reason = new ShapeError("unknown", node, `${callText(call)}: how often it goes round is known in a run alone`);
  for (const name of node.outputs.slice(states.length + whole.length)) scope.walk.reasons.set(name, reason);
}
