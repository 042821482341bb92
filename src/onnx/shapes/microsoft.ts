import { intOf, intsOf } from "../attributes.ts";
import type { Element } from "../program.ts";
import { axisOf, type Call, common, dim, input, known, mismatch, number, numbers, ofRank, type Rule, rank } from "./call.ts";
import { broadcastOf, replaced } from "./dims.ts";
import { same } from "./elementwise.ts";
import { images } from "./images.ts";
import { layout } from "./layout.ts";
import { linear, productDims } from "./linear.ts";
import { making } from "./making.ts";
import { dequantize, quantize } from "./quantised.ts";
import { statesOf } from "./recurrent.ts";
import { selection } from "./selection.ts";
import { convolvedDims, globalPooled, pooled, windows } from "./windows.ts";

/** Y; mean and inverse deviation; the sum that was normalised. */
const skipped: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const left = replaced(dims, axisOf(call, -1, dims.length), 1);
  return [known(element, dims), known("float32", left), known("float32", left), known(element, dims)];
};

function flipped(call: Call, at: number, side: "A" | "B"): readonly number[] {
  const { dims } = input(call, at);
  if (dims.length < 2) return dims;
  const isBatch = intOf(call.node, `transBatch${side}`, 0) !== 0;
  const ordered = isBatch ? [...dims.slice(1, -1), dims[0] ?? 0, dims.at(-1) ?? 0] : dims;
  const isFlipped = intOf(call.node, `trans${side}`, 0) !== 0;
  return isFlipped ? [...ordered.slice(0, -2), ordered.at(-1) ?? 0, ordered.at(-2) ?? 0] : ordered;
}

const fusedMatMul: Rule = (call) => [known(input(call, 0).element, productDims(call, flipped(call, 0, "A"), flipped(call, 1, "B")))];

const product =
  (a: number, b: number, element: (call: Call) => Element): Rule =>
  (call) => [known(element(call), productDims(call, input(call, a).dims, input(call, b).dims))];

const packedMatMul: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [known(element, replaced(dims, axisOf(call, -1, dims.length), intOf(call.node, "N", 0)))];
};

const elementAt = (at: number) => (call: Call) => input(call, at).element;

/** A and B, each with scale and zero point. */
const quantisedPair: Rule = (call) => [known(input(call, 0).element, broadcastOf(call, [input(call, 0).dims, input(call, 3).dims]))];

/** Scale and zero point of the output; then each part with its own. */
const quantisedConcat: Rule = (call) => {
  const { element, dims } = input(call, 2);
  const axis = axisOf(call, intOf(call.node, "axis", 0), dims.length);
  const parts = call.inputs.filter((_, at) => at >= 2 && (at - 2) % 3 === 0);
  return [
    known(
      element,
      replaced(
        dims,
        axis,
        parts.reduce((sum, part) => sum + (part?.dims[axis] ?? 0), 0),
      ),
    ),
  ];
};

/** With the channels in the last place when the node says so. */
const channelsLast =
  (rule: (call: Call) => readonly number[], isLast: (call: Call) => boolean): Rule =>
  (call) => {
    const { element, dims } = input(call, 0);
    if (!isLast(call)) return [known(element, rule(call))];
    const first = { element, dims: [dims[0] ?? 0, dims.at(-1) ?? 0, ...dims.slice(1, -1)] };
    const [batch = 0, channels = 0, ...spatial] = rule({ node: call.node, inputs: [first, ...call.inputs.slice(1)] });
    return [known(element, [batch, ...spatial, channels])];
  };

const named = (call: Call) => intOf(call.node, "channels_last", 0) !== 0;

/** Quantised A and B with alpha; floats when the output has no zero point. */
const quantisedGemm: Rule = (call) => {
  const [a, b] = [ofRank(call, 0, 2), ofRank(call, 3, 2)];
  const rows = dim(a, intOf(call.node, "transA", 0) === 0 ? 0 : 1);
  const columns = dim(b, intOf(call.node, "transB", 0) === 0 ? 1 : 0);
  return [known(call.inputs[8]?.element ?? "float32", [rows, columns])];
};

/** Weights [features, q + k + v]. */
const packedAttention =
  (element: (call: Call) => Element): Rule =>
  (call) => {
    const [x, weights] = [ofRank(call, 0, 3), ofRank(call, 1, 2)];
    const width = intsOf(call.node, "qkv_hidden_sizes")?.[2] ?? Math.floor(dim(weights, 1) / 3);
    return [known(element(call), [dim(x, 0), dim(x, 1), width])];
  };

const manyHeads: Rule = (call) => {
  const query = ofRank(call, 0, 3);
  const value = call.inputs[2];
  return [known(query.element, replaced(query.dims, 2, value !== undefined && rank(value) === 3 ? dim(value, 2) : dim(query, 2)))];
};

const embedded: Rule = (call) => {
  const [ids, words] = [ofRank(call, 0, 2), ofRank(call, 2, 2)];
  const dims = [...ids.dims, dim(words, 1)];
  return [known(words.element, dims), known("int32", [dim(ids, 0)]), known(words.element, dims)];
};

const quantisedLstm: Rule = (call) => {
  const hidden = intOf(call.node, "hidden_size") ?? mismatch(call, "hidden_size is missing");
  const { all, last } = statesOf(call, hidden, dim(ofRank(call, 1, 3), 0));
  const { element } = input(call, 0);
  return [known(element, all), known(element, last), known(element, last)];
};

const expandDims: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = axisOf(call, number(call, 1) ?? 0, dims.length + 1);
  return [known(element, dims.toSpliced(axis, 0, 1))];
};

const cropAndResize: Rule = (call) => {
  const image = ofRank(call, 0, 4);
  return [known(image.element, [dim(ofRank(call, 1, 2), 0), dim(image, 1), ...(numbers(call, 3) ?? [])])];
};

const halved: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [known(element, replaced(dims, axisOf(call, -1, dims.length), Math.floor((dims.at(-1) ?? 0) / 2)))];
};

const rows = (ops: readonly string[], rule: Rule) => Object.fromEntries(ops.map((op) => [op, rule]));
const taken = (table: Readonly<Record<string, Rule>>, ops: readonly string[]) =>
  Object.fromEntries(Object.entries(table).filter(([op]) => ops.includes(op)));

/** The operators of com.microsoft that exporters and quantisers write. */
export const microsoft: Readonly<Record<string, Rule>> = {
  ...rows(["Gelu", "QuickGelu", "FastGelu", "BiasGelu", "BiasAdd", "BiasSoftmax", "Inverse", "GroupNorm", "RotaryEmbedding"], same),
  ...rows(["QLinearLeakyRelu", "QLinearSigmoid", "QLinearSoftmax", "GemmaRotaryEmbedding"], same),
  ...rows(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"], skipped),
  ...rows(["FusedMatMul", "TransposeMatMul"], fusedMatMul),
  ...rows(["MatMulNBits", "MatMulBnb4", "MatMulFpQ4"], packedMatMul),
  ...rows(["QLinearAdd", "QLinearMul"], quantisedPair),
  ...rows(["Attention"], packedAttention(elementAt(0))),
  ...taken(layout, ["Pad"]),
  ...taken(making, ["Range", "Trilu"]),
  ...taken(selection, ["GatherND", "Unique"]),
  ...taken(images, ["GridSample"]),
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  FusedConv: (call) => [known(input(call, 0).element, convolvedDims(call, 0, 1, 2))],
  FusedGemm: linear.Gemm ?? same,
  DynamicQuantizeMatMul: product(0, 1, elementAt(0)),
  MatMulIntegerToFloat: product(0, 1, elementAt(2)),
  MatMulInteger16: product(0, 1, () => "int32"),
  QGemm: quantisedGemm,
  QAttention: packedAttention(elementAt(3)),
  MultiHeadAttention: manyHeads,
  EmbedLayerNormalization: embedded,
  DynamicQuantizeLSTM: quantisedLstm,
  QLinearConcat: quantisedConcat,
  QLinearAveragePool: channelsLast(pooled, named),
  QLinearGlobalAveragePool: channelsLast(globalPooled, named),
  NhwcMaxPool: channelsLast(pooled, () => true),
  MaxpoolWithMask: windows.MaxPool ?? same,
  QLinearWhere: (call) => [
    known(input(call, 1).element, broadcastOf(call, [input(call, 0).dims, input(call, 1).dims, input(call, 4).dims])),
  ],
  BiasSplitGelu: halved,
  CDist: (call) => [known(common(call), [dim(ofRank(call, 0, 2), 0), dim(ofRank(call, 1, 2), 0)])],
  ExpandDims: expandDims,
  CropAndResize: cropAndResize,
  IsAllFinite: () => [known("bool", [])],
};
