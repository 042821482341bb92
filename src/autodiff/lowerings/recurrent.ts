import { floatOf, floatsOf, intOf, type Node, textOf, textsOf } from "../../onnx/index.ts";
import { type Maths, mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";
import { type Cell, cells, type Gate, type State } from "./cells.ts";
import type { Lowering } from "./lowering.ts";

/** Longer sequences would make graphs of tens of thousands of nodes. */
const mostSteps = 1024;

/** The step of each direction, one after the other, as plain nodes. */
export const recurrent: Readonly<Record<string, Lowering>> = {
  RNN: unrolled("RNN"),
  GRU: unrolled("GRU"),
  LSTM: unrolled("LSTM"),
};

interface Layer {
  readonly node: Node;
  readonly build: Builder;
  readonly m: Maths;
  readonly cell: Cell;
  /** The input, [steps, rows, features]. */
  readonly x: Value;
  readonly hidden: number;
  readonly steps: number;
  readonly rows: number;
}

function unrolled(op: keyof typeof cells): Lowering {
  return ({ node, build }) => {
    const m = mathsOf(build);
    const [given = "", , r = ""] = node.inputs;
    const isBatchFirst = intOf(node, "layout", 0) !== 0;
    const x = isBatchFirst ? m.transpose(given, [1, 0, 2]) : given;
    const [steps = 0, rows = 1] = m.dims(x);
    const [directions = 1, , hidden = 1] = m.dims(r);
    const layer: Layer = { node, build, m, cell: cells[op], x, hidden, steps, rows };
    const gates = Array.from({ length: directions }, (_, at) => gatesOf(layer, at, directions));
    if (steps === 0 || steps * directions > mostSteps || gates.some((list) => list === null)) return null;
    const ways = gates.map((list, at) => direction(layer, at, list ?? []));
    const all = join(layer, ways.map(({ all: states }) => states), 1); // biome-ignore format: one call
    const last = join(layer, ways.map(({ last: states }) => states), 0); // biome-ignore format: one call
    const cell = op === "LSTM" ? join(layer, ways.map(({ memory }) => memory ?? ""), 0) : null; // biome-ignore format: one value
    if (!isBatchFirst) return [all, last, cell];
    return [m.transpose(all, [2, 0, 1, 3]), m.transpose(last, [1, 0, 2]), cell && m.transpose(cell, [1, 0, 2])];
  };
}

const join = ({ build }: Layer, parts: readonly Value[], axis: number) => {
  const [first = ""] = parts;
  return parts.length === 1 ? first : build.add("Concat", parts, { axis });
};

/** The activations of one direction; null for one that is not known here or has parameters of its own. */
function gatesOf({ node, m, build, cell }: Layer, at: number, directions: number): readonly Gate[] | null {
  const names = textsOf(node, "activations") ?? Array.from({ length: directions }, () => cell.activations).flat();
  const own = floatsOf(node, "activation_alpha") ?? floatsOf(node, "activation_beta");
  const clip = floatOf(node, "clip", 0);
  const width = cell.activations.length;
  const gates = names.slice(at * width, (at + 1) * width).map((name): Gate | null => {
    const plain = /^(Sigmoid|Tanh|Relu|Softsign|Softplus)$/i.exec(name)?.[0];
    if (plain === undefined && (own !== undefined || !/^(LeakyRelu|HardSigmoid|Elu|ThresholdedRelu)$/.test(name))) return null;
    const op = plain === undefined ? name : `${plain.charAt(0).toUpperCase()}${plain.slice(1).toLowerCase()}`;
    return (x) => m.of(op, clip > 0 ? build.add("Clip", [x, build.scalar(-clip, x), build.scalar(clip, x)]) : x);
  });
  return gates.includes(null) ? null : (gates as readonly Gate[]);
}

/** All hidden states of one direction [steps, 1, rows, hidden], the last of them and the last memory [1, rows, hidden]. */
function direction(layer: Layer, at: number, gates: readonly Gate[]) {
  const { node, m, build, cell, hidden, steps, rows } = layer;
  const [, w = "", r = "", b = "", lengths = "", hidden0 = "", memory0 = "", peepholes = ""] = node.inputs;
  const of = (value: Value) => part(layer, value, at);
  const [input, recurrence] = [m.transpose(of(w), [1, 0]), m.transpose(of(r), [1, 0])];
  const biases = b === "" ? null : build.addMany("Split", [of(b), build.ints(...[1, 1].map(() => cell.blocks * hidden))], 2, { axis: 0 });
  const start = (value: Value): Value => (value === "" ? m.zeros([rows, hidden], layer.x) : of(value));
  // A GRU that resets what it has multiplied resets one of the biases with it; elsewhere both are added at once.
  const resetsAfter = intOf(node, "linear_before_reset", 0) !== 0;
  const [own = null, later = null] = biases === null || resetsAfter ? (biases ?? []) : [biases.reduce((sum, bias) => m.add(sum, bias))];
  const seen = cut(layer, m.add(build.add("MatMul", [layer.x, input]), own ?? 0), steps);
  const step = cell.step({
    m,
    build,
    hidden,
    gates,
    recurrence,
    bias: later,
    peepholes: peepholes === "" ? null : build.addMany("Split", [of(peepholes), build.ints(hidden, hidden, hidden)], 3, { axis: 0 }),
    couples: intOf(node, "input_forget", 0) !== 0,
    resetsAfter,
  });
  const isBackward = textOf(node, "direction", "forward") === "reverse" || at === 1;
  const order = Array.from({ length: steps }, (_, time) => (isBackward ? steps - 1 - time : time));
  const states: Value[] = [];
  let state: State = { hidden: start(hidden0), memory: cell.hasMemory ? start(memory0) : null };
  for (const time of order) {
    const next = step(seen[time] ?? "", state);
    const isThere = lengths === "" ? null : withinRow(layer, lengths, time);
    state = isThere === null ? next : held(m, isThere, next, state);
    states[time] = isThere === null ? next.hidden : m.where(isThere, next.hidden, 0);
  }
  const whole = (value: Value) => m.reshape(value, [1, rows, hidden]);
  return {
    all: m.reshape(join(layer, states, 0), [steps, 1, rows, hidden]),
    last: whole(state.hidden),
    memory: state.memory && whole(state.memory),
  };
}

/** The share of one direction in a weight or a state that is given; states of a batch-first layer have the rows in front. */
function part({ m, build, node, hidden, rows }: Layer, value: Value, at: number): Value {
  const dims = m.dims(value);
  const isState = intOf(node, "layout", 0) !== 0 && [node.inputs[5], node.inputs[6]].includes(value);
  const one = build.add("Gather", [value, build.constant(BigInt64Array.of(BigInt(at)), [])], { axis: isState ? 1 : 0 });
  return isState ? m.reshape(one, [rows, hidden]) : m.reshape(one, dims.slice(1));
}

/** What was seen at each step, [rows, blocks]. */
function cut({ m, build }: Layer, seen: Value, steps: number): readonly Value[] {
  const [, rows = 1, width = 1] = m.dims(seen);
  const flat = m.reshape(seen, [steps * rows, width]);
  return steps === 1
    ? [flat]
    : build.addMany("Split", [flat, build.ints(...Array.from({ length: steps }, () => rows))], steps, { axis: 0 });
}

/** Whether each row's sequence reaches this step, [rows, 1]. */
function withinRow({ m, build, rows }: Layer, lengths: Value, time: number): Value {
  const at = build.constant(Int32Array.of(time), []);
  return m.reshape(build.add("Less", [at, build.add("Cast", [lengths], { to: int32 })]), [rows, 1]);
}

const int32 = 6;

const held = (m: Maths, isThere: Value, next: State, before: State): State => ({
  hidden: m.where(isThere, next.hidden, before.hidden),
  memory: next.memory && before.memory && m.where(isThere, next.memory, before.memory),
});
