import type { Element } from "../program.ts";
import { type Call, common, elementNamed, input, known, mismatch, type Rule } from "./call.ts";
import { broadcastOf, broadcastsTo } from "./dims.ts";
import { floats } from "./elements.ts";

const dimsOf = (call: Call) =>
  broadcastOf(
    call,
    call.inputs.map((_, at) => input(call, at).dims),
  );

/** One value for each of the input's. */
export const same: Rule = (call) => [known(input(call, 0).element, input(call, 0).dims)];

function only(call: Call, at: number, elements: readonly Element[]) {
  const { element } = input(call, at);
  if (!elements.includes(element)) mismatch(call, `it does not take ${element}`);
}

export const floating: Rule = (call) => {
  only(call, 0, floats);
  return same(call);
};

const numeric: Rule = (call) => {
  if (["string", "bool", "opaque"].includes(input(call, 0).element)) mismatch(call, `it does not take ${input(call, 0).element}`);
  return same(call);
};

const arithmetic: Rule = (call) => {
  const element = common(call);
  if (["string", "bool", "opaque"].includes(element)) mismatch(call, `it does not take ${element}`);
  return [known(element, dimsOf(call))];
};

const comparison: Rule = (call) => {
  common(call);
  return [known("bool", dimsOf(call))];
};

const logic: Rule = (call) => {
  if (common(call) !== "bool") mismatch(call, "it takes bool alone");
  return [known("bool", dimsOf(call))];
};

const bitwise: Rule = (call) => {
  const element = common(call);
  if (!/^u?int/.test(element)) mismatch(call, `it does not take ${element}`);
  return [known(element, dimsOf(call))];
};

const asked: Rule = (call) => [known("bool", input(call, 0).dims)];

/** Limits of the same type, of one value each. */
const clip: Rule = (call) => {
  common(call);
  for (const limit of call.inputs.slice(1)) {
    if (limit?.dims.some((size) => size !== 1)) mismatch(call, "its limits are of one value each");
  }
  return same(call);
};

const prelu: Rule = (call) => {
  const element = common(call);
  const { dims } = input(call, 0);
  if (!broadcastsTo(input(call, 1).dims, dims)) mismatch(call, "the slope does not broadcast to the input");
  return [known(element, dims)];
};

const power: Rule = (call) => [known(input(call, 0).element, dimsOf(call))];

const where: Rule = (call) => {
  only(call, 0, ["bool"]);
  return [known(common(call, 1), dimsOf(call))];
};

/** The type that an attribute names by ONNX's number, or the input's own. */
export const typed =
  (name: string): Rule =>
  (call) => {
    const { element, dims } = input(call, 0);
    return [known(elementNamed(call, name) ?? element, dims)];
  };

const bits: Readonly<Partial<Record<Element, number>>> = {
  float32: 32,
  float64: 64,
  float16: 16,
  bfloat16: 16,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
  bool: 8,
};

const bitCast: Rule = (call) => {
  const [value] = typed("to")(call);
  const before = bits[input(call, 0).element];
  const after = value && bits[value.element];
  if (before !== undefined && after !== undefined && before !== after) mismatch(call, "both types are of the same width");
  return value === undefined ? [] : [value];
};

const rows = (ops: readonly string[], rule: Rule) => Object.fromEntries(ops.map((op) => [op, rule]));

export const elementwise: Readonly<Record<string, Rule>> = {
  ...rows(["Abs", "Neg", "Sign", "Relu"], numeric),
  ...rows(["Ceil", "Floor", "Round", "Sqrt", "Reciprocal", "Exp", "Log", "Erf", "Sigmoid", "Tanh"], floating),
  ...rows(["Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh"], floating),
  ...rows(["Elu", "Selu", "Celu", "Gelu", "LeakyRelu", "ThresholdedRelu", "HardSigmoid", "HardSwish", "Mish", "Swish"], floating),
  ...rows(["Softplus", "Softsign"], floating),
  ...rows(["Add", "Sub", "Mul", "Div", "Mod", "Max", "Min", "Mean", "Sum"], arithmetic),
  ...rows(["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"], comparison),
  ...rows(["And", "Or", "Xor"], logic),
  ...rows(["BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"], bitwise),
  ...rows(["BitwiseNot", "Shrink", "Identity"], same),
  ...rows(["IsInf", "IsNaN", "RegexFullMatch"], asked),
  Not: (call) => {
    only(call, 0, ["bool"]);
    return same(call);
  },
  Clip: clip,
  PRelu: prelu,
  Pow: power,
  Where: where,
  Cast: typed("to"),
  CastLike: (call) => [known(input(call, 1).element, input(call, 0).dims)],
  BitCast: bitCast,
  StringConcat: (call) => [known(common(call), dimsOf(call))],
};
