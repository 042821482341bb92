import { textOf } from "../../onnx/index.ts";
import { type Row, unary } from "./rows.ts";

/** 2 / sqrt(pi), the slope of erf at zero. */
const erfSlope = 2 / Math.sqrt(Math.PI);

/** The value times the gradient that comes in. */
const times = (slope: (row: Row) => ReturnType<Row["m"]["mul"]>) => unary((given) => given.m.mul(given.dy, slope(given)));

/** Operators of one value on its own: dy times the slope there, written by x or, where that is shorter, by y. */
export const pointwise = {
  Identity: unary(({ dy }) => dy),
  Neg: unary(({ m, dy }) => m.neg(dy)),
  Abs: times(({ m, x }) => m.of("Sign", x)),
  Sqrt: unary(({ m, dy, y }) => m.div(dy, m.mul(y, 2))),
  Exp: times(({ y }) => y),
  Log: unary(({ m, dy, x }) => m.div(dy, x)),
  Reciprocal: times(({ m, y }) => m.neg(m.mul(y, y))),
  Sin: times(({ m, x }) => m.of("Cos", x)),
  Cos: times(({ m, x }) => m.neg(m.of("Sin", x))),
  Tan: times(({ m, y }) => m.add(m.mul(y, y), 1)),
  Asin: unary(({ m, dy, x }) => m.div(dy, m.of("Sqrt", m.sub(1, m.mul(x, x))))),
  Acos: unary(({ m, dy, x }) => m.neg(m.div(dy, m.of("Sqrt", m.sub(1, m.mul(x, x)))))),
  Atan: unary(({ m, dy, x }) => m.div(dy, m.add(m.mul(x, x), 1))),
  Sinh: times(({ m, x }) => m.of("Cosh", x)),
  Cosh: times(({ m, x }) => m.of("Sinh", x)),
  Tanh: times(({ m, y }) => m.sub(1, m.mul(y, y))),
  Asinh: unary(({ m, dy, x }) => m.div(dy, m.of("Sqrt", m.add(m.mul(x, x), 1)))),
  Acosh: unary(({ m, dy, x }) => m.div(dy, m.of("Sqrt", m.sub(m.mul(x, x), 1)))),
  Atanh: unary(({ m, dy, x }) => m.div(dy, m.sub(1, m.mul(x, x)))),
  Erf: times(({ m, x }) => m.mul(m.of("Exp", m.neg(m.mul(x, x))), erfSlope)),
  Sigmoid: times(({ m, y }) => m.mul(y, m.sub(1, y))),
  // The gradient that comes in must be finite where y is not above zero: infinity times zero is NaN.
  Relu: times(({ m, y }) => m.positive(y)),
  // By y where it has the sign of x, so that a convolution before it can take the activation in.
  LeakyRelu: times(({ m, x, y, float }) => slopes(m, float("alpha", 0.01) < 0 ? x : y, float("alpha", 0.01))),
  Elu: unary(({ m, dy, x, y, float }) => m.where(m.compare("Greater", x, 0), dy, m.mul(dy, m.add(y, float("alpha", 1))))),
  Selu: unary(({ m, dy, x, y, float }) => {
    const [alpha, gamma] = [float("alpha", 1.6732632423543772), float("gamma", 1.0507009873554805)];
    return m.mul(dy, m.where(m.compare("Greater", x, 0), gamma, m.add(y, alpha * gamma)));
  }),
  Celu: times(({ m, x, y, float }) => m.where(m.compare("Greater", x, 0), 1, m.add(m.div(y, float("alpha", 1)), 1))),
  Gelu: times(({ node, ...given }) => (textOf(node, "approximate", "none") === "tanh" ? geluByTanh(given) : gelu(given))),
  HardSigmoid: unary(({ m, dy, y, float }) => m.mul(m.mul(dy, float("alpha", 0.2)), m.positive(m.mul(y, m.sub(1, y))))),
  HardSwish: times(({ m, x }) => {
    const inner = m.add(m.mul(x, 1 / 6), 0.5);
    const inside = m.mul(m.nonNegative(inner), m.nonNegative(m.sub(1, inner)));
    return m.add(m.mul(inside, m.add(m.mul(x, 1 / 3), 0.5)), m.positive(m.sub(inner, 1)));
  }),
  Mish: times(({ m, x }) => {
    const tanh = m.of("Tanh", m.of("Softplus", x));
    return m.add(tanh, m.mul(m.mul(x, m.of("Sigmoid", x)), m.sub(1, m.mul(tanh, tanh))));
  }),
  Shrink: times(({ m, x, float }) => m.positive(m.sub(m.of("Abs", x), float("lambd", 0.5)))),
  Softplus: times(({ m, x }) => m.of("Sigmoid", x)),
  Softsign: times(({ m, x }) => {
    const scale = m.add(m.of("Abs", x), 1);
    return m.of("Reciprocal", m.mul(scale, scale));
  }),
  ThresholdedRelu: times(({ m, x, float }) => m.positive(m.sub(x, float("alpha", 1)))),
};

type Point = Pick<Row, "m" | "x">;

/** 1 above zero, `below` elsewhere. */
const slopes = (m: Row["m"], x: string, below: number) => m.add(m.mul(m.positive(x), 1 - below), below);

/** Phi(x) + x phi(x). */
function gelu({ m, x }: Point) {
  const phi = m.mul(m.of("Exp", m.mul(m.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return m.add(m.halfway(m.of("Erf", m.mul(x, Math.SQRT1_2))), m.mul(x, phi));
}

function geluByTanh({ m, x }: Point) {
  const [a, b] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = m.mul(x, x);
  const tanh = m.of("Tanh", m.mul(m.mul(x, a), m.add(m.mul(square, b), 1)));
  const inner = m.mul(m.add(m.mul(square, 3 * b), 1), a);
  const left = m.mul(m.add(tanh, 1), 0.5);
  return m.add(left, m.mul(m.mul(m.mul(x, 0.5), m.sub(1, m.mul(tanh, tanh))), inner));
}
