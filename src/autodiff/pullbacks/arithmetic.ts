import { repeated } from "../numbers.ts";
import type { Value } from "../pullback.ts";
import { alike, type Row, row } from "./rows.ts";

/** Operators that combine two or more values with broadcasting. */
export const arithmetic = {
  Add: alike(({ m, dy }, input) => m.sumLike(dy, input)),
  Sub: row(({ m, dy, x, b }) => [m.sumLike(dy, x), m.neg(m.sumLike(dy, b))]),
  Mul: row(({ m, dy, x, b }) => [m.sumLike(m.mul(dy, b), x), m.sumLike(m.mul(dy, x), b)]),
  Div: row(({ m, dy, x, b, y }) => [m.sumLike(m.div(dy, b), x), m.sumLike(m.neg(m.div(m.mul(dy, y), b)), b)]),
  Pow: row((given) => [powerBase(given), powerExponent(given)]),
  Mod: row(({ m, dy, x, b }) => [m.sumLike(dy, x), m.sumLike(m.neg(m.mul(dy, truncated(m, m.div(x, b)))), b)]),
  Sum: alike(({ m, dy }, input) => m.sumLike(dy, input)),
  Mean: alike(({ m, dy, node }, input) => m.sumLike(m.div(dy, node.inputs.length), input)),
  Max: alike(ofExtreme),
  Min: alike(ofExtreme),
  PRelu: row(({ m, dy, x, b }) => {
    const [above, below] = [m.positive(x), m.positive(m.neg(x))];
    return [m.mul(dy, m.add(above, m.mul(m.sub(1, above), b))), m.sumLike(m.mul(dy, m.mul(below, x)), b)];
  }),
  Where: row(({ m, dy, node }) => {
    const [condition = "", a = "", b = ""] = node.inputs;
    return [null, m.sumLike(m.where(condition, dy, 0), a), m.sumLike(m.where(condition, 0, dy), b)];
  }),
  Clip: row((given) => [clippedInput(given), ...clippedBounds(given)]),
};

/** The gradient goes where the extreme stands; several share it. */
function ofExtreme({ m, dy, y, node }: Row, input: Value): Value {
  const share = m.same(input, y);
  if (node.inputs.length === 1) return dy;
  const shares = node.inputs.map((each) => m.same(each, y));
  return m.sumLike(m.mul(dy, m.div(share, shares.reduce((total, each) => m.add(total, each)))), input); // biome-ignore format: one formula
}

/** Where a convolution takes in the activation that follows it, as in ReLU6: by its output, then. */
const fusing = new Set(["Conv", "ConvTranspose"]);

/** As everywhere, the bounds themselves still pass: pixels of exactly 0 and 1 are common. Only after a convolution they do not; there they are not. */
function clippedInput({ m, dy, x, y, node, pulled: { build } }: Row): Value {
  const [, low = "", high = ""] = node.inputs;
  const [lowest, highest] = [low, high].map((bound) => (bound === "" ? null : repeated(build.known(bound).constant)));
  if (fusing.has(build.maker(x)?.op ?? "") && lowest === 0 && highest !== null && highest !== undefined && highest <= 15)
    return m.mul(m.mul(dy, m.positive(y)), m.below(y, highest));
  const above = low === "" ? [] : [m.nonNegative(m.sub(x, low))];
  const below = high === "" ? [] : [m.nonNegative(m.sub(high, x))];
  return [...above, ...below].reduce((gradient, mask) => m.mul(gradient, mask), dy);
}

/** What the bounds get: all that they cut off. */
function clippedBounds({ m, dy, x, node }: Row): readonly (Value | null)[] {
  const [, low = "", high = ""] = node.inputs;
  const cut = (bound: Value, mask: Value) => m.sumLike(m.mul(dy, mask), bound);
  // Where the lower bound is above the upper one, the upper one stands for all.
  const raised = low === "" ? x : m.of2("Max", x, low);
  const isLow = () => (high === "" ? m.positive(m.sub(low, x)) : m.mul(m.positive(m.sub(low, x)), m.nonNegative(m.sub(high, low))));
  return [low === "" ? null : cut(low, isLow()), high === "" ? null : cut(high, m.positive(m.sub(raised, high)))];
}

/** Rounded towards zero. */
const truncated = (m: Row["m"], x: Value) => m.mul(m.of("Sign", x), m.of("Floor", m.of("Abs", x)));

function powerBase({ m, dy, x, b, pulled }: Row): Value | null {
  const power = repeated(pulled.build.known(b).constant);
  if (power === 0) return null;
  if (power === 1) return m.sumLike(dy, x);
  if (power === 2) return m.sumLike(m.mul(dy, m.mul(x, 2)), x);
  const exponent = m.cast(b, x);
  return m.sumLike(m.mul(dy, m.mul(exponent, m.pow(x, m.sub(exponent, 1)))), x);
}

/** y log x; zero where the base is zero. A negative base has none, and a whole exponent no neighbours: NaN. */
function powerExponent({ m, dy, x, b, y }: Row): Value {
  const slope = m.mul(dy, m.mul(y, m.of("Log", x)));
  return m.cast(m.sumLike(m.where(m.compare("Equal", x, 0), 0, slope), b), b);
}
