import type { Attribute } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";
import type { Lowering } from "./lowering.ts";

/** A quantised tensor: whole numbers, scale and zero point. */
type Held = readonly [values: Value, scale: Value, zero: Value];

type Rule = (given: {
  readonly build: Builder;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}) => Value | null;

/** The real numbers that it stands for; along an axis where there are several scales. */
function real(build: Builder, [values, scale, zero]: Held, axis: number): Value {
  const isOne = build.known(scale).dims.length === 0 || build.known(scale).dims[0] === 1;
  const flat = (value: Value) => (value === "" ? null : isOne ? mathsOf(build).reshape(value, []) : value);
  return build.add("DequantizeLinear", [values, flat(scale), flat(zero)], isOne ? {} : { axis });
}

const held = (build: Builder, value: Value, scale: Value, zero: Value): Value =>
  build.add("QuantizeLinear", [value, mathsOf(build).reshape(scale, []), mathsOf(build).reshape(zero, [])]);

/** An operator on one quantised tensor that gives another: x, its scale and zero point, the answer's scale and zero point. */
const unary =
  (op: string): Rule =>
  ({ build, inputs: [x = "", scale = "", zero = "", ys = "", yz = ""], attributes }) =>
    held(build, build.add(op, [real(build, [x, scale, zero], 1)], attributes), ys, yz);

/** Pooling, the channels of which come before what is pooled. */
const pooling =
  (op: string): Rule =>
  ({ attributes: { channels_last: last, ...attributes }, ...given }) =>
    last?.kind === "int" && last.value === 1n ? null : unary(op)({ ...given, attributes });

const binary =
  (op: string): Rule =>
  ({ build, inputs: [a = "", as = "", az = "", b = "", bs = "", bz = "", ys = "", yz = ""] }) =>
    held(build, build.add(op, [real(build, [a, as, az], 0), real(build, [b, bs, bz], 1)]), ys, yz);

const convolution: Rule = ({
  build,
  inputs: [x = "", xs = "", xz = "", w = "", ws = "", wz = "", ys = "", yz = "", bias = ""],
  attributes,
}) => {
  const image = real(build, [x, xs, xz], 1);
  const more = bias === "" ? [] : [biasOf(build, bias, xs, ws)];
  return held(build, build.add("Conv", [image, real(build, [w, ws, wz], 0), ...more], attributes), ys, yz);
};

const biasOf = (build: Builder, bias: Value, a: Value, b: Value) => {
  const m = mathsOf(build);
  return m.mul(m.cast(bias, a), m.mul(m.reshape(a, []), b));
};

const gemm: Rule = ({ build, inputs: [a = "", as = "", az = "", b = "", bs = "", bz = "", bias = "", ys = "", yz = ""], attributes }) => {
  const more = bias === "" ? [] : [biasOf(build, bias, as, bs)];
  const columns = attributes.transB?.kind === "int" && attributes.transB.value === 1n ? 0 : 1;
  const answer = build.add("Gemm", [real(build, [a, as, az], 1), real(build, [b, bs, bz], columns), ...more], attributes);
  return ys === "" ? answer : held(build, answer, ys, yz);
};

const joined: Rule = ({ build, inputs: [ys = "", yz = "", ...parts], attributes }) => {
  const each = parts.flatMap((part, at) => (at % 3 === 0 ? [real(build, [part, parts[at + 1] ?? "", parts[at + 2] ?? ""], 1)] : []));
  return held(build, build.add("Concat", each, attributes), ys, yz);
};

const rules: Readonly<Record<string, Rule>> = {
  QLinearConv: convolution,
  QLinearMatMul: binary("MatMul"),
  "com.microsoft.QLinearAdd": binary("Add"),
  "com.microsoft.QLinearMul": binary("Mul"),
  "com.microsoft.QLinearSigmoid": unary("Sigmoid"),
  "com.microsoft.QLinearLeakyRelu": unary("LeakyRelu"),
  "com.microsoft.QLinearAveragePool": pooling("AveragePool"),
  "com.microsoft.QLinearGlobalAveragePool": pooling("GlobalAveragePool"),
  "com.microsoft.QLinearConcat": joined,
  "com.microsoft.QGemm": gemm,
};

/** Operators on quantised tensors as the same on real ones, between rounding: only where quantised values are declared to be let through. */
export const quantised: Readonly<Record<string, Lowering>> = {
  ...Object.fromEntries(
    Object.entries(rules).map(([op, rule]): [string, Lowering] => [
      op,
      ({ node, build }) => {
        const value = rule({ build, inputs: node.inputs, attributes: Object.fromEntries(node.attributes) });
        return value === null ? null : [value];
      },
    ]),
  ),
  Cast: ({ node, build }) => dynamic(build, node.inputs[0] ?? ""),
};

/** The real numbers that a product of whole ones is cast to, where one side was quantised by the range that it has in the run. */
function dynamic(build: Builder, product: Value): readonly Value[] | null {
  const maker = build.maker(product);
  if (maker === undefined || !/^(MatMul|Conv)Integer$/.test(maker.op)) return null;
  const [a = "", b = "", za = "", zb = ""] = maker.inputs;
  const op = maker.op.replace("Integer", "");
  return [build.add(op, [unscaled(build, a, za), unscaled(build, b, zb)], Object.fromEntries(maker.attributes))];
}

/** Whole numbers less their zero point, as real ones. */
function unscaled(build: Builder, values: Value, zero: Value): Value {
  const m = mathsOf(build);
  const maker = build.maker(values);
  const [, scale = ""] = maker?.outputs ?? [];
  if (maker?.op === "DynamicQuantizeLinear") return m.div(real(build, [values, scale, zero], 0), scale);
  const plain = build.add("Cast", [values], { to: 1 });
  return zero === "" ? plain : m.sub(plain, build.add("Cast", [zero], { to: 1 }));
}
