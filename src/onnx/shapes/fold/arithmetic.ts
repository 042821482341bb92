import { intOf } from "../../attributes.ts";
import type { Constant, Element } from "../../program.ts";
import type { Call } from "../call.ts";
import { broadcastOf } from "../dims.ts";
import {
  broadcastStrides,
  constantAt,
  earlier,
  type Fold,
  type FoldOne,
  isInteger,
  isPlain,
  isWide,
  later,
  listOf,
  made,
  one,
  placesOf,
  type Scalar,
} from "./arrays.ts";
import { typeNumber } from "./making.ts";

type Numbers = (a: number, b: number) => number | undefined;
type Wides = (a: bigint, b: bigint) => bigint | undefined;

/** Both read as if broadcast to the dimensions; undefined where one is of numbers that are kept as bits. */
function pairs(a: Constant, b: Constant, dims: readonly number[], element: Element, pair: (a: Scalar, b: Scalar) => Scalar | undefined) {
  const [left, right] = [listOf(a), listOf(b)];
  const [from, to] = [placesOf(dims, broadcastStrides(a.dims, dims)), placesOf(dims, broadcastStrides(b.dims, dims))];
  return made(element, dims, typeNumber(element), (at) => pair(left[from[at]!]!, right[to[at]!]!));
}

function calculated(call: Call, a: Constant, b: Constant, numbers: Numbers, wides: Wides): Constant | undefined {
  if (!isPlain(a.element) || a.element !== b.element) return undefined;
  const pair = (isWide(a.element) ? wides : numbers) as (a: Scalar, b: Scalar) => Scalar | undefined;
  return pairs(a, b, broadcastOf(call, [a.dims, b.dims]), a.element, pair);
}

type Calculation = (call: Call, a: Constant, b: Constant) => Constant | undefined;

const exactly =
  (numbers: Numbers, wides: Wides): Calculation =>
  (call, a, b) =>
    calculated(call, a, b, numbers, wides);

/** Two inputs, or any number of them one after the other. */
const folded =
  (calculation: Calculation): Fold =>
  (call) => {
    let whole = constantAt(call, 0);
    for (let at = 1; at < call.inputs.length; at++) {
      const next = constantAt(call, at);
      whole = whole && next && calculation(call, whole, next);
    }
    return whole && [whole];
  };

/** Whole numbers through bigints where they leave 2^53, so that what wraps does so exactly. */
const wrapped: Numbers = (a, b) => (Number.isSafeInteger(a * b) ? a * b : Number(BigInt.asIntN(32, BigInt(a) * BigInt(b))));

/** Of numbers, of whole numbers in up to 32 bits, and of bigints. */
const byKind =
  (real: Numbers, whole: Numbers, wides: Wides): Calculation =>
  (call, a, b) =>
    calculated(call, a, b, isInteger(a.element) ? whole : real, wides);

const never = () => undefined;

const multiply = byKind(
  (a, b) => a * b,
  wrapped,
  (a, b) => a * b,
);

const divide = byKind(
  (a, b) => a / b,
  (a, b) => (b === 0 ? undefined : Math.trunc(a / b)),
  (a, b) => (b === 0n ? undefined : a / b),
);

/** With the sign of the dividend. */
const remainder = byKind(
  (a, b) => a % b,
  (a, b) => (b === 0 ? undefined : a % b),
  (a, b) => (b === 0n ? undefined : a % b),
);

/** With the sign of the divisor. */
const modulo = byKind(
  never,
  (a, b) => (b === 0 ? undefined : ((a % b) + b) % b),
  (a, b) => (b === 0n ? undefined : ((a % b) + b) % b),
);

/** Powers of whole numbers alone; others differ in their last bit from library to library. */
const power: FoldOne = (call, { dims, element }) => {
  const [a, b] = [constantAt(call, 0), constantAt(call, 1)];
  if (a === undefined || b === undefined || !isWide(a.element) || !isWide(b.element)) return undefined;
  return pairs(a, b, dims, element, (x, y) => ((y as bigint) < 0n || (y as bigint) > 64n ? undefined : (x as bigint) ** (y as bigint)));
};

const compared =
  (holds: (a: Scalar, b: Scalar) => boolean): FoldOne =>
  (call, { dims }) => {
    const [a, b] = [constantAt(call, 0), constantAt(call, 1)];
    if (a === undefined || b === undefined || !(isPlain(a.element) || a.element === "string")) return undefined;
    return pairs(a, b, dims, "bool", (x, y) => Number(holds(x, y)));
  };

const where: FoldOne = (call, { dims, element }) => {
  const [condition, a, b] = [constantAt(call, 0), constantAt(call, 1), constantAt(call, 2)];
  if (condition === undefined || a === undefined || b === undefined) return undefined;
  const [chosen, left, right] = [listOf(condition), listOf(a), listOf(b)];
  const [which, from, to] = [condition, a, b].map((each) => placesOf(dims, broadcastStrides(each.dims, dims)));
  return made(element, dims, a.type, (at) => (chosen[which![at]!] === 0 ? right[to![at]!] : left[from![at]!]));
};

/** Of each value by itself. */
const each =
  (numbers: (value: number) => number | undefined, wides: (value: bigint) => bigint): FoldOne =>
  (call, { dims, element }) => {
    const from = constantAt(call, 0);
    if (from === undefined || !isPlain(from.element)) return undefined;
    const values = listOf(from);
    const value = (isWide(from.element) ? wides : numbers) as (value: Scalar) => Scalar | undefined;
    return made(element, dims, from.type, (at) => value(values[at]!));
  };

const clip: Fold = (call) => {
  const [value, low, high] = [constantAt(call, 0), constantAt(call, 1), constantAt(call, 2)];
  if ((call.inputs[1] && !low) || (call.inputs[2] && !high)) return undefined;
  const above = value && low ? largest(call, value, low) : value;
  const within = above && high ? smallest(call, above, high) : above;
  return within && value && [{ ...within, dims: value.dims }];
};

/** Halves to the even neighbour; a zero keeps the sign of what was rounded to it. */
function halfToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  const isUp = rest > 0.5 || (rest === 0.5 && low % 2 !== 0);
  const rounded = isUp ? low + 1 : low;
  return rounded === 0 && value < 0 ? -0 : rounded;
}

const kept = (value: bigint) => value;
const sum = exactly(
  (a, b) => a + b,
  (a, b) => a + b,
);
const largest = exactly(Math.max, later);
const smallest = exactly(Math.min, earlier);

/** What is exact however it is computed: IEEE's own operations on numbers, and everything on whole ones. */
export const arithmetic: Readonly<Record<string, Fold>> = {
  Add: folded(sum),
  Sum: folded(sum),
  Sub: folded(
    exactly(
      (a, b) => a - b,
      (a, b) => a - b,
    ),
  ),
  Mul: folded(multiply),
  Div: folded(divide),
  Mod: folded((call, a, b) => (intOf(call.node, "fmod", 0) === 0 ? modulo : remainder)(call, a, b)),
  Max: folded(largest),
  Min: folded(smallest),
  Pow: one(power),
  Clip: clip,
  Neg: one(
    each(
      (value) => -value,
      (value) => -value,
    ),
  ),
  Abs: one(each(Math.abs, (value) => (value < 0n ? -value : value))),
  Sign: one(each(Math.sign, (value) => (value > 0n ? 1n : value < 0n ? -1n : 0n))),
  Relu: one(
    each(
      (value) => (Number.isNaN(value) ? undefined : Math.max(value, 0)),
      (value) => later(value, 0n),
    ),
  ),
  Floor: one(each(Math.floor, kept)),
  Ceil: one(each(Math.ceil, kept)),
  Round: one(each(halfToEven, kept)),
  Sqrt: one(each(Math.sqrt, kept)),
  Not: one(each((value) => 1 - value, kept)),
  Equal: one(compared((a, b) => a === b)),
  Greater: one(compared((a, b) => a > b)),
  GreaterOrEqual: one(compared((a, b) => a >= b)),
  Less: one(compared((a, b) => a < b)),
  LessOrEqual: one(compared((a, b) => a <= b)),
  And: one(compared((a, b) => a === 1 && b === 1)),
  Or: one(compared((a, b) => a === 1 || b === 1)),
  Xor: one(compared((a, b) => a !== b)),
  Where: one(where),
};
