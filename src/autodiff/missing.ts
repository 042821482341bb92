import { Problem, quoted } from "../base/index.ts";
import type { Node } from "../onnx/index.ts";

/** Thrown by a pullback that has no gradient for this node; `why` goes into the problem. */
export class NoGradient extends Error {
  override readonly name = "NoGradient";
}

/** How an operator is named: those of other domains with it. */
export const operatorOf = ({ domain, op }: Pick<Node, "domain" | "op">): string => (domain === "" ? op : `${domain}.${op}`);

const steps = "it is constant between its steps, so its gradient is zero wherever there is one";
const trees = "a tree is constant between its thresholds, so its gradient is zero wherever there is one";
const random = "it draws random numbers";
const quantised = "it rounds to whole numbers";
const control = "which of its graphs runs, or how often, follows from the data";

const unrolled = "none is written for more than 1024 steps, or for activations with parameters of their own";

const reasons: Readonly<Record<string, string>> = {
  BitCast: "it reads numbers as bits",
  Bernoulli: random,
  Ceil: steps,
  Floor: steps,
  Hardmax: steps,
  Round: steps,
  Sign: steps,
  Multinomial: random,
  QuantizeLinear: quantised,
  DequantizeLinear: quantised,
  DynamicQuantizeLinear: quantised,
  QLinearConv: quantised,
  QLinearMatMul: quantised,
  ConvInteger: quantised,
  MatMulInteger: quantised,
  If: control,
  Loop: control,
  Scan: control,
  RNN: unrolled,
  GRU: unrolled,
  LSTM: unrolled,
  Attention:
    "none is written for windows, for masks shorter than the keys, or for causal masks with keys of the past, in which versions of onnxruntime differ",
  GridSample: "none is written for its cubic mode",
  DFT: "none is written for the inverse of half a spectrum, or for lengths that are known in a run alone",
  "ai.onnx.ml.Binarizer": steps,
  "ai.onnx.ml.TreeEnsemble": trees,
  "ai.onnx.ml.TreeEnsembleClassifier": trees,
  "ai.onnx.ml.TreeEnsembleRegressor": trees,
};

const ways: Readonly<Record<string, string>> = {
  [steps]: "Declare it straight-through (it then counts as the identity, BPDA), attack by scores instead, or export the model without it.",
  [trees]: "Attack it by scores or by its leaves instead.",
  [random]: "Export the model for inference, or attack by scores.",
  [quantised]: "Declare quantised values straight-through, or use the model before it was quantised.",
  [control]: "Export the model with fixed control flow, or attack by scores.",
};

/** GRADIENT_MISSING: a node on the way has no gradient. Never zeros in its place. */
export function missing(node: Node, file: string, detail?: string): Problem {
  const op = operatorOf(node);
  const why = detail ?? (Object.hasOwn(reasons, op) ? reasons[op]! : unknownWhy(node));
  const remedy = ways[why] ?? "Attack by scores instead, or export the model with ordinary operators.";
  return new Problem("GRADIENT_MISSING", `${quoted(op)} has no gradient here: ${why}`, { file, at: nodeText(node), remedy });
}

const unknownWhy = ({ domain }: Node) =>
  domain === "" || domain.startsWith("ai.onnx") ? "none is written for it" : "it is a custom operator, of which nothing is known";

/** GRADIENT_BLOCKED, or GRADIENT_MISSING where an operator that rounds is to blame: what is asked for reaches the output through steps alone, or not at all. */
export function blocked(name: string, of: string, by: readonly Node[], file: string): Problem {
  const [first] = by;
  if (first !== undefined && Object.hasOwn(reasons, operatorOf(first))) return missing(first, file);
  const remedy = first === undefined ? "Ask for another input, or another output." : (ways[steps] as string);
  const what =
    first === undefined
      ? `the output ${quoted(of)} does not depend on ${quoted(name)}`
      : `${quoted(name)} reaches the output ${quoted(of)} only through ${quoted(operatorOf(first))}, which gives whole numbers or answers of yes and no: the gradient is zero everywhere, and says nothing`;
  return new Problem("GRADIENT_BLOCKED", what, { file, ...(first === undefined ? {} : { at: nodeText(first) }), remedy });
}

/** A node as a person finds it again. */
const nodeText = ({ name, op, outputs }: Node) => `node ${quoted(name || outputs.find(Boolean) || op)}`;
