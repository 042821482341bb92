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
  /** [hidden, blocks * hidden], and its bias. */
  readonly recurrence: Value;
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

const plus = ({ m }: CellWeights, value: Value, bias: Value | null | undefined) => (bias ? m.add(value, bias) : value);

const none: Gate = (x) => x;

export const cells = {
  RNN: {
    blocks: 1,
    activations: ["Tanh"],
    hasMemory: false,
    step(w) {
      const [f = none] = w.gates;
      return (seen, { hidden }) => ({
        hidden: f(w.m.add(seen, plus(w, w.build.add("MatMul", [hidden, w.recurrence]), w.bias))),
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
      const [update = "", reset = "", made = ""] = split(w, w.recurrence, 3);
      const bias = w.bias === null ? [] : build.addMany("Split", [w.bias, build.ints(w.hidden, w.hidden, w.hidden)], 3, { axis: 0 });
      const times = (value: Value, weight: Value, at: number) => plus(w, build.add("MatMul", [value, weight]), bias[at]);
      return (seen, { hidden }) => {
        const [z0 = "", r0 = "", h0 = ""] = split(w, seen, 3);
        const z = f(m.add(z0, times(hidden, update, 0)));
        const r = f(m.add(r0, times(hidden, reset, 1)));
        const candidate = g(m.add(h0, w.resetsAfter ? m.mul(r, times(hidden, made, 2)) : times(m.mul(r, hidden), made, 2)));
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
      const seeing = (value: Value, memory: Value, at: number) =>
        w.peepholes ? m.add(value, m.mul(w.peepholes[at] ?? "", memory)) : value;
      return (seen, { hidden, memory: before }) => {
        const [i0 = "", o0 = "", f0 = "", c0 = ""] = split(w, m.add(seen, plus(w, build.add("MatMul", [hidden, w.recurrence]), w.bias)), 4);
        const old = before ?? "";
        const taken = f(seeing(i0, old, 0));
        const kept = w.couples ? m.sub(1, taken) : f(seeing(f0, old, 2));
        const memory = m.add(m.mul(kept, old), m.mul(taken, g(c0)));
        return { hidden: m.mul(f(seeing(o0, memory, 1)), h(memory)), memory };
      };
    },
  },
} satisfies Record<string, Cell>;
