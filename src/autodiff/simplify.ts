import { type Known, typeOf } from "../onnx/index.ts";
import { isReal, repeated, wholeNumbers } from "./numbers.ts";
import type { Attributes, Builder, Value } from "./pullback.ts";

interface Asked {
  readonly op: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
}

const isType = ({ element }: Known, type: unknown) => element !== "opaque" && typeOf(element) === type;

/** A value that is there already and equals what the node would give; null where there is none. Only what holds for NaN and infinities too. */
export function simplified(build: Builder, { op, inputs, attributes }: Asked): Value | null {
  const [a, b] = inputs;
  if (a === null || a === undefined) return null;
  const rule = Object.hasOwn(rules, op) ? rules[op] : undefined;
  return rule?.({ build, a, b: b ?? null, attributes }) ?? null;
}

interface Given {
  readonly build: Builder;
  readonly a: Value;
  readonly b: Value | null;
  readonly attributes: Attributes;
}

type Rule = (given: Given) => Value | null;

const rules: Readonly<Record<string, Rule>> = {
  Identity: ({ a }) => a,
  Neg: ({ build, a }) => filled(build, a, build.known(a).dims, (x) => -x) ?? innerOf(build, a, "Neg"),
  Add: (given) => neutral(given, 0, "either") ?? computed(given, (x, y) => x + y),
  Sub: (given) => neutral(given, 0, "right") ?? computed(given, (x, y) => x - y),
  Mul: (given) => neutral(given, 1, "either") ?? computed(given, (x, y) => x * y),
  Div: (given) => neutral(given, 1, "right") ?? computed(given, (x, y) => x / y),
  Pow: (given) => neutral(given, 1, "right"),
  Cast: ({ build, a, attributes }) => (isType(build.known(a), attributes.to) ? a : null),
  Reshape: ({ build, a, b }) => (b !== null && sameList(build.known(a).dims, build.known(b)) ? a : reshapedConstant(build, a, b)),
  Expand: ({ build, a, b }) => (b !== null && sameList(build.known(a).dims, build.known(b)) ? a : repeatedOver(build, a, b)),
  Transpose: ({ a, attributes }) => (Array.isArray(attributes.perm) && attributes.perm.every((axis, at) => axis === at) ? a : null),
};

/** The other operand, where one is a constant that changes nothing: neither value nor shape. */
function neutral({ build, a, b }: Given, value: number, side: "right" | "either"): Value | null {
  if (b === null) return null;
  if (leaves(build, b, a, value)) return a;
  return side === "either" && leaves(build, a, b, value) ? b : null;
}

function leaves(build: Builder, given: Value, other: Value, value: number): boolean {
  const { constant, dims, element } = build.known(given);
  const around = build.known(other).dims;
  const shift = around.length - dims.length;
  return isReal(element) && shift >= 0 && dims.every((dim, at) => dim === 1 || dim === around[at + shift]) && repeated(constant) === value;
}

/** What two numbers give. */
function computed({ build, a, b }: Given, rule: (x: number, y: number) => number): Value | null {
  const [x, y] = [numberOf(build, a), b === null ? null : numberOf(build, b)];
  return x === null || y === null ? null : build.scalar(rule(x, y), a);
}

function numberOf(build: Builder, value: Value): number | null {
  const { constant, dims, element } = build.known(value);
  return dims.length === 0 && isReal(element) ? repeated(constant) : null;
}

/** A constant in another shape is a constant; the numbers are shared. */
function reshapedConstant(build: Builder, a: Value, b: Value | null): Value | null {
  const { constant } = build.known(a);
  const shape = b === null ? undefined : build.known(b).constant;
  const values = constant?.values;
  if (shape === undefined || !(values instanceof Float32Array || values instanceof Float64Array || values instanceof BigInt64Array))
    return null;
  const dims = wholeNumbers(shape);
  return dims.every((dim) => dim > 0) ? build.constant(values, dims) : null;
}

/** One number over a shape is a constant, as long as it is small. */
function repeatedOver(build: Builder, a: Value, b: Value | null): Value | null {
  const shape = b === null ? undefined : build.known(b).constant;
  if (shape === undefined) return null;
  const [from, to] = [build.known(a).dims, wholeNumbers(shape)];
  const dims = to.map((dim, at) => (dim === 1 ? (from[at - to.length + from.length] ?? 1) : dim));
  return from.length > to.length ? null : filled(build, a, dims, (x) => x);
}

/** A constant of this shape that repeats what the rule makes of the one number that `a` repeats. */
function filled(build: Builder, a: Value, dims: readonly number[], rule: (x: number) => number): Value | null {
  const { constant, element } = build.known(a);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const value = isReal(element) && count <= mostFilled ? repeated(constant) : null;
  return value === null ? null : build.constant(new Float64Array(count).fill(rule(value)), dims, element);
}

const mostFilled = 65_536;

function innerOf(build: Builder, value: Value, op: string): Value | null {
  const maker = build.maker(value);
  return maker?.op === op && maker.domain === "" ? (maker.inputs[0] ?? null) : null;
}

function sameList(dims: readonly number[], { constant }: Known): boolean {
  return constant !== undefined && wholeNumbers(constant).join() === dims.join();
}
