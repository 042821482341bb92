import { TensorProtoSchema, TensorProto_DataType as Type } from "onnx-buf";
import { attributeOf, decode, makersOf, type OnnxNode, type ParsedModel } from "../onnx/index.ts";
import { own } from "./own.ts";

/** More classes than this are no classes. */
const mostClasses = 100_000;

/** The attributes in which classifiers of ai.onnx.ml keep their labels, in the order to look. */
const labelAttributes: Readonly<Record<string, readonly string[]>> = {
  ZipMap: ["classlabels_strings", "classlabels_int64s"],
  TreeEnsembleClassifier: ["classlabels_strings", "classlabels_int64s"],
  LinearClassifier: ["classlabels_strings", "classlabels_ints"],
  SVMClassifier: ["classlabels_strings", "classlabels_ints"],
  LabelEncoder: ["values_strings", "values_int64s"],
};

/** Operators that pass labels or scores on as they are. */
const passing = new Set([
  ...["Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Dropout"],
  ...["QuantizeLinear", "DequantizeLinear", "ZipMap"],
]);

/** Operators that multiply by a matrix, plain and quantised. */
const linear = new Set([
  ...["Gemm", "MatMul", "MatMulInteger", "QLinearMatMul"],
  ...["FusedGemm", "FusedMatMul", "QGemm", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "MatMulNBits"],
]);

/** What operators that end a model give; a softmax of logarithms gives the probabilities again. */
const lastOperators: Readonly<Record<string, "probabilities" | "logits" | "amounts">> = {
  Softmax: "probabilities",
  Sigmoid: "probabilities",
  LogSoftmax: "logits",
  LinearRegressor: "amounts",
  SVMRegressor: "amounts",
  TreeEnsembleRegressor: "amounts",
};

const makerOf = (model: ParsedModel, value: string) => makersOf(model.graph).get(value);

/** The nodes that led to a value, nearest first. */
function* originsOf(model: ParsedModel, value: string): Generator<OnnxNode> {
  const seen = new Set<OnnxNode>();
  const queue = [value];
  for (const name of queue) {
    const maker = makerOf(model, name);
    if (maker === undefined || seen.has(maker)) continue;
    seen.add(maker);
    yield maker;
    queue.push(...maker.inputs);
  }
}

/** The labels of the nearest node behind an output that knows them; null when none does. */
export function classesBehind(model: ParsedModel, output: string): readonly string[] | null {
  for (const node of originsOf(model, output)) {
    const labels = labelsOf(model, node);
    if (labels !== null && labels.length >= 2 && labels.length <= mostClasses) return labels;
  }
  return null;
}

function labelsOf(model: ParsedModel, node: OnnxNode): readonly string[] | null {
  if (node.domain !== "ai.onnx.ml") return null;
  if (node.op === "ArrayFeatureExtractor") return storedLabels(model, node.inputs[0] ?? "");
  if (node.op === "LabelEncoder" && !countsUp(model, node)) return null;
  for (const name of labelAttributes[node.op] ?? []) {
    const attribute = attributeOf(model.bytes, node, name);
    if (attribute && attribute.strings.length > 0) return attribute.strings.map(textOf);
    if (attribute && attribute.ints.length > 0) return attribute.ints.map(String);
  }
  return null;
}

/** A label table after a classifier maps 0, 1, 2, ...; any other is a step of preparation. */
const countsUp = (model: ParsedModel, node: OnnxNode) =>
  attributeOf(model.bytes, node, "keys_int64s")?.ints.every((key, index) => key === BigInt(index)) ?? false;

const utf8 = new TextDecoder();
const textOf = (bytes: Uint8Array) => utf8.decode(bytes);

/** Labels kept as a stored tensor, from which an index picks. */
function storedLabels(model: ParsedModel, name: string): readonly string[] | null {
  const stored = model.graph.initializers.find((tensor) => tensor.name === name);
  if (stored === undefined || stored.external !== undefined || stored.end - stored.start > 1 << 20) return null;
  const { dataType, stringData, int64Data, int32Data, rawData } = decode(TensorProtoSchema, model.bytes, stored);
  if (dataType === Type.STRING) return stringData.map(textOf);
  if (dataType !== Type.INT64 && dataType !== Type.INT32) return null;
  if (rawData.length === 0) return [...int64Data, ...int32Data].map(String);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  if (dataType === Type.INT64) return Array.from({ length: rawData.length / 8 }, (_, index) => String(view.getBigInt64(index * 8, true)));
  return Array.from({ length: rawData.length / 4 }, (_, index) => String(view.getInt32(index * 4, true)));
}

/** For an output made by a ZipMap: how many classes it names. */
export function scoreOrigin(model: ParsedModel, output: string): { readonly classes: number | null } | undefined {
  const maker = makerOf(model, output);
  if (maker?.op !== "ZipMap" || maker.domain !== "ai.onnx.ml") return undefined;
  return { classes: labelsOf(model, maker)?.length ?? null };
}

/** What the last operator that changes the scores says they are: a softmax gives probabilities, a linear map logits, a regression neither. */
export function scoreKind(model: ParsedModel, output: string): "probabilities" | "logits" | "amounts" | null {
  const maker = changerOf(model, output);
  if (maker === undefined) return null;
  return own(lastOperators, maker.op) ?? (isLinear(model, maker) ? "logits" : null);
}

/** The node that made a value, but for those that pass it on as it was. */
function changerOf(model: ParsedModel, value: string): OnnxNode | undefined {
  let maker = makerOf(model, value);
  for (let steps = 0; maker !== undefined && passing.has(maker.op) && steps < 100; steps++) maker = makerOf(model, maker.inputs[0] ?? "");
  return maker;
}

/** A product with a matrix, or that with its scale and its bias. */
function isLinear(model: ParsedModel, node: OnnxNode, depth = 0): boolean {
  if (linear.has(node.op)) return true;
  if (depth >= 2 || (node.op !== "Add" && node.op !== "Mul")) return false;
  const made = node.inputs.map((name) => changerOf(model, name)).filter((maker) => maker !== undefined);
  return (
    (node.op === "Add" || depth > 0 || made.some(({ op }) => op === "MatMulInteger")) &&
    made.some((maker) => isLinear(model, maker, depth + 1))
  );
}
