import { float, typeOf } from "../onnx/index.ts";
import { isReal, largest, type Real, tiniest } from "./numbers.ts";
import type { Builder, Value } from "./pullback.ts";

/** A value, or a number of the other operand's type. */
export type Term = Value | number;

/** Arithmetic on the values of a graph, written as one writes formulas. */
export interface Maths {
  add(a: Term, b: Term): Value;
  sub(a: Term, b: Term): Value;
  mul(a: Term, b: Term): Value;
  div(a: Term, b: Term): Value;
  pow(a: Term, b: Term): Value;
  neg(a: Value): Value;
  /** Any operator of one input and no attributes. */
  of(op: string, a: Value): Value;
  /** Any operator of two inputs and no attributes. */
  of2(op: string, a: Term, b: Term): Value;
  /** 1 where x > 0, else 0, in x's type. */
  positive(x: Value): Value;
  /** 1 where x >= 0, else 0, in x's type. */
  nonNegative(x: Value): Value;
  /** 1 where x < bound, else 0, in x's type; for a number of at most 15. */
  below(x: Value, bound: number): Value;
  /** (x + 1) / 2, for x in [-1, 1]. */
  halfway(x: Value): Value;
  /** 1 where they are equal, else 0, in a's type. */
  same(a: Term, b: Term): Value;
  where(condition: Value, a: Term, b: Term): Value;
  compare(op: "Greater" | "Less" | "Equal" | "GreaterOrEqual" | "LessOrEqual", a: Term, b: Term): Value;
  cast(a: Value, like: Value): Value;
  reshape(a: Value, dims: readonly number[]): Value;
  expand(a: Value, dims: readonly number[]): Value;
  transpose(a: Value, perm: readonly number[]): Value;
  /** The sum over axes, which stay with length 1. */
  sum(a: Value, ...axes: readonly number[]): Value;
  /** The gradient of what was broadcast: summed to the shape of `like`. */
  sumLike(a: Value, like: Value): Value;
  /** Zeros of this shape in `like`'s type. */
  zeros(dims: readonly number[], like: Value): Value;
  dims(a: Value): readonly number[];
  /** The smallest number above zero, and the largest, of a value's type. */
  tiny(a: Value): number;
  largest(a: Value): number;
}

const made = new WeakMap<Builder, Maths>();

/** The arithmetic of a graph. */
export function mathsOf(build: Builder): Maths {
  const before = made.get(build);
  if (before !== undefined) return before;
  const maths = mathsOn(build);
  made.set(build, maths);
  return maths;
}

function mathsOn(build: Builder): Maths {
  const { dims, realOf } = { dims: (a: Value) => build.known(a).dims, realOf: (a: Value) => realType(build, a) };
  const pair = (a: Term, b: Term): [Value, Value] => {
    if (typeof a === "number") return typeof b === "number" ? never() : [build.scalar(a, b), b];
    return [a, typeof b === "number" ? build.scalar(b, a) : b];
  };
  const binary = (op: string) => (a: Term, b: Term) => build.add(op, pair(a, b));
  const compare: Maths["compare"] = (op, a, b) => build.add(op, pair(a, b));
  const cast = (a: Value, like: Value) => build.add("Cast", [a], { to: typeNumber(build, like) });
  const reshape = (a: Value, to: readonly number[]) => build.add("Reshape", [a, build.ints(...to)], to.includes(0) ? { allowzero: 1 } : {});
  const sum = (a: Value, ...axes: readonly number[]) =>
    axes.length === 0 ? a : build.add("ReduceSum", [a, build.ints(...axes)], { keepdims: 1 });
  // One node where float32 allows it: 2^126 x, cut to [0, 1]. Only numbers below 2^-126 come out between; a power of two rounds nothing.
  const step = (x: Value, beta: number, op: "Greater" | "GreaterOrEqual") =>
    realOf(x) === "float32" ? build.add("HardSigmoid", [x], { alpha: float(steepest), beta: float(beta) }) : cast(compare(op, x, 0), x);
  return {
    add: binary("Add"),
    sub: binary("Sub"),
    mul: binary("Mul"),
    div: binary("Div"),
    pow: binary("Pow"),
    neg: (a) => build.add("Neg", [a]),
    of: (op, a) => build.add(op, [a]),
    of2: (op, a, b) => build.add(op, pair(a, b)),
    positive: (x) => step(x, 0, "Greater"),
    nonNegative: (x) => step(x, 1, "GreaterOrEqual"),
    below: (x, bound) =>
      realOf(x) === "float32"
        ? build.add("HardSigmoid", [x], { alpha: float(-steep), beta: float(bound * steep) })
        : step(build.add("Sub", pair(bound, x)), 0, "Greater"),
    halfway: (x) =>
      realOf(x) === "float32"
        ? build.add("HardSigmoid", [x], { alpha: float(0.5), beta: float(0.5) })
        : build.add("Mul", pair(build.add("Add", pair(x, 1)), 0.5)),
    same: (a, b) => cast(compare("Equal", a, b), pair(a, b)[0]),
    where: (condition, a, b) => build.add("Where", [condition, ...pair(a, b)]),
    compare,
    cast,
    reshape,
    expand: (a, to) => build.add("Expand", [a, build.ints(...to)]),
    transpose: (a, perm) => build.add("Transpose", [a], { perm }),
    sum,
    sumLike(a, like) {
      const [from, to] = [dims(a), dims(like)];
      const shift = from.length - to.length;
      const axes = from.flatMap((dim, at) => (at < shift || (dim !== 1 && to[at - shift] === 1) ? [at] : []));
      return reshape(sum(a, ...axes), to);
    },
    zeros: (to, like) => build.add("Expand", [build.scalar(0, like), build.ints(...to)]),
    dims,
    tiny: (a) => tiniest[realOf(a)],
    largest: (a) => largest[realOf(a)],
  };
}

/** ONNX's HardSigmoid with this slope is a step. */
const steepest = 2 ** 126;
/** And one that leaves room for a bound times it. */
const steep = 2 ** 123;

function realType(build: Builder, value: Value): Real {
  const { element } = build.known(value);
  if (!isReal(element)) throw new Error(`${value} holds ${element}, which has no gradient`);
  return element;
}

function typeNumber(build: Builder, value: Value): number {
  const { element } = build.known(value);
  if (element === "opaque") throw new Error(`nothing can be cast to the type of ${value}`);
  return typeOf(element);
}

function never(): never {
  throw new Error("two numbers are no node");
}
