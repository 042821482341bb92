import { stat } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { TensorProto_DataType as Type } from "onnx-buf";
import { countOf, guarded, type OnnxValue, type ParsedModel, readModel, tensorsOf } from "../onnx/index.ts";
import { floatTypes, type ModelFacts, type Port } from "./model.ts";
import { classesBehind, scoreKind, scoreOrigin } from "./trace.ts";

/**
 * Reads and checks a model's file without running it; `root` is the project's folder. No native code is loaded.
 * Throws Problem or Problems (MODEL_UNREADABLE, MODEL_OPERATOR_UNKNOWN, MODEL_EXTERNAL_DATA, ...), as `readModel` does.
 */
export async function describeModel(path: string, root: string): Promise<ModelFacts> {
  const model = await readModel(path, { root });
  const sizes = await Promise.all(model.externalFiles.map(async (name) => (await stat(name)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, model.bytes.length);
  const externalFiles = model.externalFiles.map((name) => relative(dirname(model.path), name));
  return guarded(model.file, () => ({ bytes, externalFiles, ...factsOf(model) }));
}

export function factsOf(model: ParsedModel): Omit<ModelFacts, "bytes" | "externalFiles"> {
  return {
    irVersion: model.irVersion,
    opsets: Object.fromEntries([...model.opsets].map(([domain, version]) => [domain || "ai.onnx", version])),
    producer: model.producer,
    metadata: Object.fromEntries(model.metadata),
    nodes: model.graph.nodes.length,
    parameters: parametersOf(model),
    inputs: portsOf(model),
    ...outputFacts(model),
  };
}

/** The inputs that must be given: older files list their stored tensors as inputs too. */
export function portsOf({ graph }: ParsedModel): readonly Port[] {
  const stored = new Set(graph.initializers.map(({ name }) => name));
  return graph.inputs.filter(({ name }) => !stored.has(name)).map(portOf);
}

function outputFacts(
  model: ParsedModel,
): Pick<ModelFacts, "outputs" | "labelOutput" | "scoreOutput" | "classes" | "scores" | "scoreCount"> {
  const outputs = model.graph.outputs.map((output) => outputPort(model, output));
  const labelOutput =
    onlyName(outputs.filter(isLabel)) ?? onlyName(outputs.filter((port) => isLabel(port) && /label|class|predict/i.test(port.name)));
  const scored = outputs.filter(isScore);
  const scoreOutput = onlyName(scored) ?? onlyName(scored.filter(({ name }) => /prob|score|logit|softmax/i.test(name)));
  const classes =
    [labelOutput, scoreOutput]
      .values()
      .map((name) => (name === null ? null : classesBehind(model, name)))
      .find((found) => found !== null) ?? null;
  const scorePort = outputs.find(({ name }) => name === scoreOutput);
  return {
    outputs,
    labelOutput,
    scoreOutput,
    classes,
    scores: scoreOutput === null ? null : scoreKind(model, scoreOutput),
    scoreCount: scoreOutput === null ? null : ((scorePort && widthOf(scorePort)) ?? classes?.length ?? null),
  };
}

const onlyName = (ports: readonly Port[]) => (ports.length === 1 ? (ports[0]?.name ?? null) : null);

const isPerRow = ({ shape }: Port) => shape.length <= 1 || (shape.length === 2 && (shape[1] === 1 || shape[1] === null));
const isLabel = (port: Port) => ["int64", "int32", "string", "bool"].includes(port.type) && isPerRow(port);
const isScore = (port: Port) => floatTypes.some((type) => type === port.type) && (port.shape.length <= 2 || isVector(port));

/** Of all dimensions but the first, one at most is more than 1. */
const isVector = ({ shape }: Port) => shape.slice(1).filter((size) => size !== 1).length <= 1;

/** Scores per row of such an output; null when the file does not tell. */
export function widthOf({ shape }: Port): number | null {
  const sizes = shape.slice(1);
  return sizes.length === 0 || sizes.includes(null) ? null : sizes.reduce<number>((product, size) => product * (size ?? 1), 1);
}

/** An output as it will be after `cutZipMap`: the scores that went into a ZipMap. */
function outputPort(model: ParsedModel, output: OnnxValue): Port {
  const origin = scoreOrigin(model, output.name);
  return origin === undefined ? portOf(output) : { name: output.name, type: "float32", shape: [null, origin.classes] };
}

const types: Readonly<Record<number, Port["type"]>> = {
  [Type.FLOAT]: "float32",
  [Type.DOUBLE]: "float64",
  [Type.INT64]: "int64",
  [Type.INT32]: "int32",
  [Type.BOOL]: "bool",
  [Type.STRING]: "string",
  [Type.FLOAT16]: "float16",
  [Type.BFLOAT16]: "bfloat16",
  [Type.INT8]: "int8",
  [Type.INT16]: "int16",
  [Type.UINT8]: "uint8",
  [Type.UINT16]: "uint16",
  [Type.UINT32]: "uint32",
  [Type.UINT64]: "uint64",
};

export function portOf({ name, type }: OnnxValue): Port {
  if (type?.value.case !== "tensorType")
    return { name, type: "other", shape: [], other: type?.value.case?.replace(/Type$/, "") ?? "unknown" };
  const { elemType, shape } = type.value.value;
  const dimensions = shape?.dim.map(({ value }) => (value.case === "dimValue" && value.value > 0n ? Number(value.value) : null));
  const known = types[elemType];
  const denotations = shape?.dim.map(({ denotation }) => denotation) ?? [];
  const shaped = { name, shape: dimensions ?? [], ...(denotations.some(Boolean) ? { denotations } : {}) };
  return known === undefined
    ? { ...shaped, type: "other", other: (Type[elemType] ?? "unknown").toLowerCase() }
    : { ...shaped, type: known };
}

function parametersOf(model: ParsedModel): number {
  let count = 0;
  for (const tensor of tensorsOf(model)) count += countOf(tensor);
  for (const { attributes } of model.graph.nodes) for (const { name, floats } of attributes) if (name !== "nodes_hitrates") count += floats;
  return count;
}
