import { constant } from "../../../onnx/index.ts";
import type { arithmetic } from "../../pullbacks/arithmetic.ts";
import type { CaseMaker } from "../check-pullback.ts";
import { type Range, type Sampler, sizeOf } from "../sampler.ts";

/** Shapes that broadcast to one another: some axes of length 1, some left out. */
function broadcast(s: Sampler, count: number): readonly number[][] {
  const whole = s.dims(s.whole(1, 4));
  return Array.from({ length: count }, () => whole.slice(s.whole(0, whole.length)).map((dim) => (s.random.uniform() < 0.3 ? 1 : dim)));
}

const pair =
  (op: string, left: Range = {}, right: Range = {}): CaseMaker =>
  (s) => {
    const [a = [], b = []] = broadcast(s, 2);
    return { op, inputs: [s.real(a, left), s.real(b, right)] };
  };

const several =
  (op: string): CaseMaker =>
  (s) => ({ op, inputs: broadcast(s, s.whole(1, 4)).map((dims) => s.real(dims)) });

/** Numbers that differ across all operands, so that no extreme is shared. */
const extreme =
  (op: string): CaseMaker =>
  (s) => {
    const shapes = broadcast(s, s.whole(1, 3));
    const all = s.distinct([shapes.reduce((total, dims) => total + sizeOf(dims), 0)]).value.values as Float64Array;
    let from = 0;
    const inputs = shapes.map((dims) => {
      const to = from + sizeOf(dims);
      const value = constant("float64", dims, all.slice(from, to));
      from = to;
      return { value, wanted: true };
    });
    return { op, inputs };
  };

const power =
  (exponent: number, low: number): CaseMaker =>
  (s) => ({ op: "Pow", inputs: [s.real(s.dims(2), { low, high: 2, kinks: [0] }), s.fixed([], [exponent])] });

const above = { low: 0.3, high: 3 };

const condition = (s: Sampler, dims: readonly number[]) => ({
  value: constant(
    "bool",
    dims,
    Uint8Array.from({ length: sizeOf(dims) }, () => s.whole(0, 1)),
  ),
  wanted: false,
});

export const arithmeticCases: Record<keyof typeof arithmetic, readonly CaseMaker[]> = {
  Add: [pair("Add")],
  Sub: [pair("Sub")],
  Mul: [pair("Mul")],
  Div: [pair("Div", {}, above), pair("Div", {}, { low: -3, high: -0.3 })],
  Pow: [pair("Pow", above, { low: -2, high: 2 }), ...[1, 2, 3, -1].map((exponent) => power(exponent, -2)), power(0.5, 0.1)],
  Mod: [
    (s) => {
      const dims = s.dims(2);
      const quotient = Array.from({ length: sizeOf(dims) }, () => s.whole(-2, 2) + 0.2 + 0.6 * s.random.uniform());
      const divisor = s.real(dims, { low: 1, high: 2 });
      const values = Float64Array.from(quotient, (q, at) => Math.fround(q * Number(divisor.value.values[at])));
      return { op: "Mod", attributes: { fmod: 1 }, inputs: [{ value: constant("float64", dims, values), wanted: true }, divisor] };
    },
  ],
  Sum: [several("Sum")],
  Mean: [several("Mean")],
  Max: [extreme("Max")],
  Min: [extreme("Min")],
  PRelu: [
    (s) => {
      const dims = s.dims(3);
      return {
        op: "PRelu",
        inputs: [s.real(dims, { kinks: [0] }), s.real(dims.slice(s.whole(0, 2)).map((dim) => (s.random.uniform() < 0.3 ? 1 : dim)))],
      };
    },
  ],
  Where: [
    (s) => {
      const [a = [], b = [], c = []] = broadcast(s, 3);
      return { op: "Where", inputs: [condition(s, c), s.real(a), s.real(b)] };
    },
  ],
  Clip: [
    (s) => ({ op: "Clip", inputs: [s.real(s.dims(2), { kinks: [-1, 1] }), s.fixed([], [-1]), s.fixed([], [1])] }),
    (s) => ({ op: "Clip", inputs: [s.real(s.dims(2), { kinks: [0] }), s.fixed([], [0])] }),
    (s) => ({ op: "Clip", inputs: [s.real(s.dims(2), { kinks: [0.5] }), null, s.fixed([], [0.5])] }),
    (s) => ({ op: "Clip", inputs: [s.real(s.dims(2))] }),
    (s) => ({
      op: "Clip",
      inputs: [
        s.real(s.dims(2), { low: -1, high: 1, kinks: [-0.5, 0.5] }),
        s.real([], { low: -0.51, high: -0.49 }),
        s.real([], { low: 0.49, high: 0.51 }),
      ],
    }),
  ],
};
