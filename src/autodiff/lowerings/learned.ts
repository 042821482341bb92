import { floatOf, floatsOf, intOf, intsOf, type Node, textOf, textsOf } from "../../onnx/index.ts";
import { type Maths, mathsOf } from "../maths.ts";
import { isReal, wholeNumbers } from "../numbers.ts";
import type { Builder, Value } from "../pullback.ts";
import type { Lowering } from "./lowering.ts";

interface Given {
  readonly node: Node;
  readonly build: Builder;
  readonly m: Maths;
  /** The first input as float32. */
  readonly x: Value;
}

/** For an operator whose first input is numbers; they are taken as float32, which is what these operators answer in. */
const ofNumbers =
  (rule: (given: Given) => readonly (Value | null)[] | null): Lowering =>
  ({ node, build }) => {
    const [x = ""] = node.inputs;
    const { element, dims } = build.known(x);
    if (element === "string" || element === "opaque" || dims.length === 0) return null;
    return rule({ node, build, m: mathsOf(build), x: asFloat(build, x) });
  };

const asFloat = (build: Builder, x: Value) => build.add("Cast", [x], { to: 1 });

const rowOf = (build: Builder, values: readonly number[]) =>
  build.constant(Float32Array.from(values), values.length === 1 ? [] : [values.length]);

/** The linear operators of ai.onnx.ml as products, and those that prepare columns. */
export const learned: Readonly<Record<string, Lowering>> = {
  "ai.onnx.ml.Scaler": ofNumbers(({ node, build, m, x }) => {
    const [offset, scale] = [floatsOf(node, "offset") ?? [0], floatsOf(node, "scale") ?? [1]];
    return [m.mul(m.sub(x, rowOf(build, offset)), rowOf(build, scale))];
  }),
  "ai.onnx.ml.Normalizer": ofNumbers(({ node, build, m, x }) => {
    const axis = m.dims(x).length - 1;
    const norm = textOf(node, "norm", "MAX");
    if (norm === "MAX") return [m.div(x, orOne(m, build.add("ReduceMax", [x, build.ints(axis)], { keepdims: 1 })))];
    const length = norm === "L1" ? m.sum(m.of("Abs", x), axis) : m.of("Sqrt", m.sum(m.mul(x, x), axis));
    return [m.div(x, orOne(m, length))];
  }),
  "ai.onnx.ml.LinearRegressor": ofNumbers((given) => {
    const scores = linearScores(given, intOf(given.node, "targets", 1));
    return scores === null || textOf(given.node, "post_transform", "NONE") !== "NONE" ? null : [scores];
  }),
  "ai.onnx.ml.LinearClassifier": ofNumbers((given) => {
    const { node, m, build } = given;
    const classes = Math.max(textsOf(node, "classlabels_strings")?.length ?? 0, intsOf(node, "classlabels_ints")?.length ?? 0);
    const scores = linearScores(given, floatsOf(node, "intercepts")?.length ?? classes);
    if (scores === null) return null;
    const transform = transforms[textOf(node, "post_transform", "NONE")];
    const one = m.dims(scores)[1] === 1 && classes === 2;
    const changed = transform?.(given, scores) ?? null;
    return changed === null ? null : [null, one ? build.add("Concat", [m.sub(1, changed), changed], { axis: 1 }) : changed];
  }),
  "ai.onnx.ml.ArrayFeatureExtractor": ({ node, build }) => {
    const [x = "", places = ""] = node.inputs;
    const { constant } = build.known(places);
    const { dims, element } = build.known(x);
    if (constant === undefined || !isReal(element) || dims.length < 2) return null;
    return [build.add("Gather", [x, build.ints(...wholeNumbers(constant))], { axis: dims.length - 1 })];
  },
  "ai.onnx.ml.FeatureVectorizer": ({ node, build }) => {
    const rows = node.inputs.map((input) => asFloat(build, input));
    if (rows.some((row) => build.known(row).dims.length !== 2)) return null;
    return [rows.length === 1 ? (rows[0] ?? null) : build.add("Concat", rows, { axis: 1 })];
  },
  "ai.onnx.ml.Imputer": ({ node, build }) => {
    const [x = ""] = node.inputs;
    const [imputed, replaced] = [floatsOf(node, "imputed_value_floats"), floatOf(node, "replaced_value_float", Number.NaN)];
    if (imputed === undefined || build.known(x).element !== "float32") return null;
    const m = mathsOf(build);
    const gaps = Number.isNaN(replaced) ? m.of("IsNaN", x) : m.compare("Equal", x, replaced);
    return [m.where(gaps, rowOf(build, imputed), x)];
  },
};

/** A length by which to divide; one where it is zero, as onnxruntime does. */
const orOne = (m: Maths, length: Value) => m.add(length, m.same(length, 0));

/** Rows times coefficients, stored row by row for each score, and intercepts. */
function linearScores({ node, build, x }: Given, count: number): Value | null {
  const coefficients = floatsOf(node, "coefficients") ?? [];
  const { dims } = build.known(x);
  const features = coefficients.length / count;
  if (dims.length !== 2 || dims[1] !== features) return null;
  const weights = build.constant(Float32Array.from(coefficients), [count, features]);
  const intercepts = floatsOf(node, "intercepts") ?? Array.from({ length: count }, () => 0);
  return build.add("Gemm", [x, weights, build.constant(Float32Array.from(intercepts), [intercepts.length])], { transB: 1 });
}

const transforms: Readonly<Record<string, (given: Given, scores: Value) => Value | null>> = {
  NONE: (_, scores) => scores,
  LOGISTIC: ({ m }, scores) => m.of("Sigmoid", scores),
  SOFTMAX: ({ build }, scores) => build.add("Softmax", [scores], { axis: -1 }),
};
