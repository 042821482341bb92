import { wholeNumbers } from "../numbers.ts";
import type { Value } from "../pullback.ts";
import { type Row, row, unary } from "./rows.ts";

/** What the row of a reduction sees: its axes, and dy and y with these axes of length 1. */
interface Reduced extends Row {
  readonly axes: readonly number[];
  /** The input's shape. */
  readonly shape: readonly number[];
}

const reduction = (rule: (given: Reduced) => Value) =>
  row((given) => {
    const { m, x, dy, y } = given;
    const shape = m.dims(x);
    const axes = axesOf(given);
    const kept = shape.map((dim, at) => (axes.includes(at) ? 1 : dim));
    const gradient = rule({ ...given, axes, shape, dy: m.reshape(dy, kept), y: m.reshape(y, kept) });
    return [m.expand(gradient, shape), null];
  });

function axesOf({ b, pulled, m, x, int }: Row): readonly number[] {
  const rank = m.dims(x).length;
  const given = b === "" ? undefined : pulled.build.known(b).constant;
  const axes = given === undefined ? [] : wholeNumbers(given).map((axis) => (axis < 0 ? axis + rank : axis));
  if (axes.length > 0 || int("noop_with_empty_axes", 0) === 1) return axes;
  return Array.from({ length: rank }, (_, at) => at);
}

const sizeOf = ({ axes, shape }: Reduced) => axes.reduce((count, axis) => count * (shape[axis] ?? 1), 1);

/** Sums and the like over axes. */
export const reductions = {
  ReduceSum: reduction(({ dy }) => dy),
  ReduceMean: reduction((given) => given.m.mul(given.dy, 1 / sizeOf(given))),
  ReduceSumSquare: reduction(({ m, dy, x }) => m.mul(m.mul(dy, 2), x)),
  ReduceL1: reduction(({ m, dy, x }) => m.mul(dy, m.of("Sign", x))),
  // Zero where all are zero, as everywhere: one of the subgradients.
  ReduceL2: reduction(({ m, dy, x, y }) => m.mul(m.div(dy, m.of2("Max", y, m.tiny(y))), x)),
  ReduceLogSum: reduction(({ m, dy, y }) => m.div(dy, m.of("Exp", y))),
  ReduceLogSumExp: reduction(({ m, dy, x, y }) => m.mul(dy, m.of("Exp", m.sub(x, y)))),
  ReduceMax: reduction(ofExtreme),
  ReduceMin: reduction(ofExtreme),
  ReduceProd: reduction(ofProduct),
  CumSum: unary(({ pulled, dy, b, int }) =>
    pulled.build.add("CumSum", [dy, b], { exclusive: int("exclusive", 0), reverse: 1 - int("reverse", 0) }),
  ),
};

/** To where the extreme stands; several share it. */
function ofExtreme({ m, dy, x, y, axes }: Reduced): Value {
  const share = m.same(x, y);
  return m.mul(m.div(dy, m.sum(share, ...axes)), share);
}

/** The product of the others: right for any number of zeros. */
function ofProduct({ m, pulled, dy, x, axes }: Reduced): Value {
  const zero = m.same(x, 0);
  const rest = m.add(x, zero);
  const product = pulled.build.add("ReduceProd", [rest, pulled.build.ints(...axes)], { keepdims: 1 });
  const otherZeros = m.sub(m.sum(zero, ...axes), zero);
  return m.mul(m.mul(dy, m.div(product, rest)), m.same(otherZeros, 0));
}
