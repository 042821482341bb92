import { expect, it } from "vitest";
import { constant, float, floats, int, int64s, ints, text, texts } from "../attributes.ts";
import type { Constant } from "../program.ts";
import { holdNodes, lone } from "./testing/nodes.ts";
import { float32 } from "./testing/programs.ts";

const count = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);
const ones = (...dims: readonly number[]): Constant => float32(new Array(count(dims)).fill(1), dims);
const bytes = (...dims: readonly number[]): Constant => constant("uint8", dims, new Uint8Array(count(dims)).fill(3));
const signed = (...dims: readonly number[]): Constant => constant("int8", dims, new Int8Array(count(dims)).fill(1));
const scale = float32([0.5], []);
const zero = bytes();

it("the operators of ai.onnx.ml have the types and shapes that onnxruntime gives them", async () => {
  const ml = { domain: "ai.onnx.ml" };
  const both = { ...ml, outputs: 2 };
  const words = constant("string", [3, 1], ["a", "b", "a"]);
  const linear = (scores: number, classes: number) =>
    lone("LinearClassifier", [ones(4, 2)], {
      coefficients: floats(new Array(2 * scores).fill(1)),
      intercepts: floats(new Array(scores).fill(0)),
      classlabels_ints: ints([...Array(classes).keys()]),
    }, both); // biome-ignore format: one call
  const machine = (classes: number, more = {}) =>
    lone("SVMClassifier", [ones(4, 2)], {
      classlabels_strings: texts([..."abcd"].slice(0, classes)),
      vectors_per_class: ints(new Array(classes).fill(1)),
      support_vectors: floats(new Array(2 * classes).fill(1)),
      coefficients: floats(new Array(classes * (classes - 1)).fill(1)),
      rho: floats(new Array((classes * (classes - 1)) / 2).fill(0)),
      kernel_params: floats([1, 0, 3]),
      ...more,
    }, both); // biome-ignore format: one call
  const pairs = floats(new Array(6).fill(1));
  const nodes = [
    linear(1, 2),
    linear(3, 3),
    machine(2),
    machine(4),
    machine(4, { prob_a: pairs, prob_b: pairs }),
    lone("LinearRegressor", [ones(4, 2)], { coefficients: floats([1, 1, 1, 1]), intercepts: floats([0, 0]), targets: int(2) }, ml),
    lone(
      "SVMRegressor",
      [ones(4, 2)],
      {
        coefficients: floats([1]),
        support_vectors: floats([1, 1]),
        n_supports: int(1),
        rho: floats([0]),
        kernel_params: floats([1, 0, 3]),
      },
      ml,
    ),
    lone("Scaler", [int64s([1, 2], [1, 2])], { offset: floats([0]), scale: floats([1]) }, ml),
    lone("Normalizer", [ones(4, 2)], { norm: text("L2") }, ml),
    lone("Imputer", [ones(4, 2)], { imputed_value_floats: floats([1]), replaced_value_float: float(0) }, ml),
    lone("Binarizer", [ones(4, 2)], { threshold: float(0) }, ml),
    lone("LabelEncoder", [words], { keys_strings: texts(["a", "b"]), values_int64s: ints([1, 2]) }, ml),
    lone("LabelEncoder", [words], { keys_strings: texts(["a", "b"]), values_floats: floats([1, 2]) }, ml),
    lone("LabelEncoder", [int64s([1, 2])], { keys_int64s: ints([1, 2]), values_strings: texts(["a", "b"]) }, ml),
    lone("OneHotEncoder", [words], { cats_strings: texts(["a", "b", "c"]) }, ml),
    lone("ArrayFeatureExtractor", [ones(4, 3), int64s([2, 0])], {}, ml),
    lone("ArrayFeatureExtractor", [ones(3), int64s([2, 0])], {}, ml),
    lone("FeatureVectorizer", [ones(4, 2), ones(4, 3)], { inputdimensions: ints([2, 3]) }, ml),
    lone("CategoryMapper", [words], { cats_strings: texts(["a", "b"]), cats_int64s: ints([1, 2]) }, ml),
  ];
  expect(await holdNodes(nodes)).toMatchObject({ kind: "right", seen: nodes.length + 5 });
});

it("the operators of com.microsoft have the types and shapes that onnxruntime gives them", async () => {
  const own = { domain: "com.microsoft" };
  const heads = { num_heads: int(2) };
  const [a, b] = [bytes(2, 3), bytes(3, 4)];
  const quantised = [scale, zero];
  const nodes = [
    ...["Gelu", "QuickGelu", "FastGelu"].map((op) => lone(op, [ones(2, 4)], {}, own)),
    lone("BiasGelu", [ones(2, 4), ones(4)], {}, own),
    lone("Inverse", [float32([1, 0, 0, 1], [2, 2])], {}, own),
    lone("FusedMatMul", [ones(5, 3, 2), ones(5, 4, 3)], { transA: int(1), transB: int(1) }, own),
    lone("FusedMatMul", [ones(3, 5, 2), ones(5, 2, 4)], { transBatchA: int(1) }, own),
    lone("FusedConv", [ones(1, 2, 5, 5), ones(3, 2, 3, 3)], { activation: text("Relu"), kernel_shape: ints([3, 3]) }, own),
    lone("FusedGemm", [ones(2, 3), ones(4, 3)], { transB: int(1), activation: text("Relu") }, own),
    lone("SkipLayerNormalization", [ones(1, 3, 4), ones(1, 3, 4), ones(4)], {}, own),
    lone("MatMulNBits", [ones(2, 32), bytes(4, 1, 16), ones(4)], { K: int(32), N: int(4), bits: int(4), block_size: int(32) }, own),
    lone("DynamicQuantizeMatMul", [ones(2, 3), b, scale], {}, own),
    lone("MatMulIntegerToFloat", [a, b, scale, scale], {}, own),
    lone("QLinearAdd", [a, ...quantised, bytes(3), ...quantised, ...quantised], {}, own),
    lone("QLinearMul", [a, ...quantised, a, ...quantised, ...quantised], {}, own),
    lone("QLinearConcat", [...quantised, a, ...quantised, a, ...quantised], { axis: int(1) }, own),
    lone("QLinearSigmoid", [a, ...quantised, ...quantised], {}, own),
    lone("QLinearLeakyRelu", [a, ...quantised, ...quantised], {}, own),
    lone(
      "QLinearAveragePool",
      [bytes(1, 2, 5, 5), ...quantised, ...quantised],
      { kernel_shape: ints([2, 2]), strides: ints([2, 2]), ceil_mode: int(1) },
      own,
    ),
    lone("QLinearAveragePool", [bytes(1, 5, 5, 2), ...quantised, ...quantised], { kernel_shape: ints([2, 2]), channels_last: int(1) }, own),
    lone("QLinearGlobalAveragePool", [bytes(1, 5, 5, 2), ...quantised, ...quantised], { channels_last: int(1) }, own),
    lone("QLinearGlobalAveragePool", [bytes(1, 2, 5, 5), ...quantised, ...quantised], {}, own),
    lone("QGemm", [a, ...quantised, b, ...quantised], {}, own),
    lone("QGemm", [a, ...quantised, b, ...quantised, null, ...quantised], {}, own),
    lone("NhwcMaxPool", [signed(1, 5, 5, 2)], { kernel_shape: ints([2, 2]) }, own),
    lone("QuantizeLinear", [ones(2, 3), scale, zero], {}, own),
    lone("DequantizeLinear", [a, scale, zero], {}, own),
    lone("Attention", [ones(2, 3, 4), ones(4, 12), ones(12)], heads, own),
    lone("QAttention", [bytes(2, 3, 4), bytes(4, 12), ones(12), scale, scale, null, zero, zero], heads, own),
    lone("MultiHeadAttention", [ones(2, 3, 4), ones(2, 5, 4), ones(2, 5, 8)], heads, own),
    lone(
      "DynamicQuantizeLSTM",
      [ones(3, 2, 4), signed(1, 4, 20), signed(1, 5, 20), ones(1, 40), null, null, null, null, ones(1), signed(1), ones(1), signed(1)],
      { hidden_size: int(5) },
      { ...own, outputs: 3 },
    ),
    lone("ExpandDims", [ones(2, 3), constant("int32", [], Int32Array.of(-1))], {}, own),
    lone("CDist", [ones(2, 3), ones(4, 3)], { metric: text("euclidean") }, own),
    lone(
      "CropAndResize",
      [
        ones(1, 2, 5, 5),
        float32([0, 0, 1, 1], [1, 4]),
        constant("int32", [1], Int32Array.of(0)),
        constant("int32", [2], Int32Array.of(3, 4)),
      ],
      {},
      own,
    ),
    lone("QLinearWhere", [constant("bool", [2, 1], Uint8Array.of(0, 1)), a, ...quantised, a, ...quantised, ...quantised], {}, own),
    lone("SimplifiedLayerNormalization", [ones(2, 4), ones(4)], {}, { outputs: 2 }),
  ];
  expect(await holdNodes(nodes)).toMatchObject({ kind: "right", seen: nodes.length + 3 });
});
