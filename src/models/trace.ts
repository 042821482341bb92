import { TensorProtoSchema, TensorProto_DataType as Type } from "onnx-buf";
import { attributeOf, decode, makersOf, type OnnxNode, type ParsedModel } from "../onnx/index.ts";

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
const passing = new Set(["Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Dropout"]);

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

/** Whether the last operator that changes the scores says what they are: a softmax gives probabilities, a linear map logits. */
export function scoreKind(model: ParsedModel, output: string): "probabilities" | "logits" | null {
  let maker = makerOf(model, output);
  for (let steps = 0; maker !== undefined && (passing.has(maker.op) || maker.op === "ZipMap") && steps < 100; steps++)
    maker = makerOf(model, maker.inputs[0] ?? "");
  if (maker === undefined) return null;
  if (["Softmax", "Sigmoid"].includes(maker.op)) return "probabilities";
  if (["Gemm", "MatMul"].includes(maker.op)) return "logits";
  const isBias = maker.op === "Add" && maker.inputs.some((name) => ["Gemm", "MatMul"].includes(makerOf(model, name)?.op ?? ""));
  return isBias ? "logits" : null;
}
