import type { Maths } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";

/** An activation, with what limits its input. */
export type Gate = (x: Value) => Value;

/** What a step leaves to the next, [rows, hidden]; the memory is an LSTM's. */
export interface State {
  readonly hidden: Value;
  readonly memory: Value | null;
}

export interface CellWeights {
  readonly m: Maths;
  readonly build: Builder;
  readonly hidden: number;
  readonly gates: readonly Gate[];
  /** [hidden, blocks * hidden]. */
  readonly recurrence: Value;
  /** What is added to its product, for a GRU that resets it too; others have it in what was seen. */
  readonly bias: Value | null;
  /** By which an LSTM's gates see the memory: input, output, forget. */
  readonly peepholes: readonly Value[] | null;
  /** Whether an LSTM forgets as much as it takes in. */
  readonly couples: boolean;
  /** Whether a GRU resets what it has multiplied, and not what it multiplies. */
  readonly resetsAfter: boolean;
}

/** The kinds of recurrent cells, with the order that ONNX gives to the blocks of their weights. */
export interface Cell {
  readonly blocks: number;
  readonly activations: readonly string[];
  readonly hasMemory: boolean;
  /** From what was seen at a step, weighed [rows, blocks * hidden], and the state before. */
  step(weights: CellWeights): (seen: Value, state: State) => State;
}

const split = ({ build, hidden }: CellWeights, value: Value, count: number) =>
  build.addMany("Split", [value, build.ints(...Array.from({ length: count }, () => hidden))], count, { axis: 1 });

/** The blocks of which an activation makes gates, all at once, then each; the rest as it is. */
function gated(w: CellWeights, value: Value, gate: Gate, count: number, rest: number): readonly Value[] {
  const { build, hidden } = w;
  const [first = "", ...others] = build.addMany(
    "Split",
    [value, build.ints(count * hidden, ...Array.from({ length: rest }, () => hidden))],
    1 + rest,
    { axis: 1 },
  );
  return [...split(w, gate(first), count), ...others];
}

const none: Gate = (x) => x;

export const cells = {
  RNN: {
    blocks: 1,
    activations: ["Tanh"],
    hasMemory: false,
    step(w) {
      const [f = none] = w.gates;
      return (seen, { hidden }) => ({
        hidden: f(w.m.add(seen, w.build.add("MatMul", [hidden, w.recurrence]))),
        memory: null,
      });
    },
  },
  GRU: {
    blocks: 3,
    activations: ["Sigmoid", "Tanh"],
    hasMemory: false,
    step(w) {
      const { m, build } = w;
      const [f = none, g = none] = w.gates;
      const halves = (value: Value, axis: number) => build.addMany("Split", [value, build.ints(2 * w.hidden, w.hidden)], 2, { axis });
      const [gates = "", made = ""] = halves(w.recurrence, 1);
      const bias = w.bias === null ? [] : halves(w.bias, 0);
      const times = (value: Value, weight: Value, at: number) => m.add(build.add("MatMul", [value, weight]), bias[at] ?? 0);
      return (seen, { hidden }) => {
        const [gates0 = "", h0 = ""] = build.addMany("Split", [seen, build.ints(2 * w.hidden, w.hidden)], 2, { axis: 1 });
        const [z = "", r = ""] = split(w, f(m.add(gates0, times(hidden, gates, 0))), 2);
        const candidate = g(m.add(h0, w.resetsAfter ? m.mul(r, times(hidden, made, 1)) : times(m.mul(r, hidden), made, 1)));
        return { hidden: m.add(m.mul(m.sub(1, z), candidate), m.mul(z, hidden)), memory: null };
      };
    },
  },
  LSTM: {
    blocks: 4,
    activations: ["Sigmoid", "Tanh", "Tanh"],
    hasMemory: true,
    step(w) {
      const { m, build } = w;
      const [f = none, g = none, h = none] = w.gates;
      const sumOf = (seen: Value, hidden: Value) => m.add(seen, build.add("MatMul", [hidden, w.recurrence]));
      if (w.peepholes === null)
        return (seen, { hidden, memory: old }) => {
          const [taken = "", shown = "", kept = "", made = ""] = gated(w, sumOf(seen, hidden), f, 3, 1);
          const memory = m.add(m.mul(w.couples ? m.sub(1, taken) : kept, old ?? ""), m.mul(taken, g(made)));
          return { hidden: m.mul(shown, h(memory)), memory };
        };
      const [toTake = "", toShow = "", toKeep = ""] = w.peepholes;
      return (seen, { hidden, memory: before }) => {
        const old = before ?? "";
        const [i0 = "", o0 = "", f0 = "", c0 = ""] = split(w, sumOf(seen, hidden), 4);
        const taken = f(m.add(i0, m.mul(toTake, old)));
        const kept = w.couples ? m.sub(1, taken) : f(m.add(f0, m.mul(toKeep, old)));
        const memory = m.add(m.mul(kept, old), m.mul(taken, g(c0)));
        return { hidden: m.mul(f(m.add(o0, m.mul(toShow, memory))), h(memory)), memory };
      };
    },
  },
} satisfies Record<string, Cell>;
