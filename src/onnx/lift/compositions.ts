/** Operators of com.microsoft that are others of the standard put together: how onnxruntime writes a model that it has optimised. */
import { float, floatOf, floatsOf, int, intOf, ints, node, text, textOf } from "../attributes.ts";
import type { Node } from "../program.ts";
import type { Change, Site } from "./change.ts";
import { chain, hintOf, scalarLike, withAttributes } from "./making.ts";
import { swish, unsupported } from "./unsupported.ts";

type Step = (input: string, output: string) => readonly Node[];

const standard = (of: Node): Node => ({ ...of, domain: "" });
const plus =
  (other: string): Step =>
  (input, output) => [node("Add", [input, other], [output])];

/** Gelu of the sum of both inputs, where there is a second. */
const gelu =
  (approximate: "none" | "tanh"): Change =>
  (of, site) => {
    const [x = "", bias] = of.inputs;
    const activation: Step = (input, output) => [node("Gelu", [input], [output], { approximate: text(approximate) }, { name: of.name })];
    return chain(site, of, x, bias ? [plus(bias), activation] : [activation]);
  };

/** The activations that onnxruntime fuses; undefined for one that is unknown. */
function activationOf(of: Node, site: Site, name: string, parameters: readonly number[]): Step | undefined {
  const [first = 0, second = 0] = parameters;
  const simple =
    (attributes: Parameters<typeof node>[3]): Step =>
    (input, output) => [node(name, [input], [output], attributes)];
  if (["Relu", "Tanh", "Sigmoid"].includes(name)) return simple({});
  if (name === "LeakyRelu") return simple({ alpha: float(first) });
  if (name === "HardSigmoid") return simple({ alpha: float(first), beta: float(second) });
  if (name !== "Clip") return undefined;
  return (input, output) => {
    const min = scalarLike(site, of, of.inputs[0] ?? "", first, "min");
    const max = scalarLike(site, of, of.inputs[0] ?? "", second, "max");
    return [...min.nodes, ...max.nodes, node("Clip", [input, min.name, max.name], [output])];
  };
}

/** A convolution, a sum that is added to it, an activation of both. */
const fusedConv: Change = (of, site) => {
  const [x = "", w = "", bias = "", sum] = of.inputs;
  const name = textOf(of, "activation", "");
  const activation = name === "" ? undefined : activationOf(of, site, name, floatsOf(of, "activation_params") ?? []);
  if (name !== "" && activation === undefined) return [of];
  const conv = withAttributes(
    { ...standard(of), op: "Conv", inputs: bias ? [x, w, bias] : [x, w] },
    { activation: null, activation_params: null },
  );
  const steps: (Step | undefined)[] = [(_input, output) => [{ ...conv, outputs: [output] }], sum ? plus(sum) : undefined, activation];
  return chain(
    site,
    of,
    x,
    steps.filter((step) => step !== undefined),
  );
};

const fusedGemm: Change = (of, site) => {
  const name = textOf(of, "activation", "");
  const parameters = ["alpha", "beta"].map((parameter) => floatOf(of, `activation_${parameter}`, 0));
  const activation = name === "" ? undefined : activationOf(of, site, name, parameters);
  if (name !== "" && activation === undefined) return [of];
  const gone = { activation: null, activation_alpha: null, activation_beta: null, activation_gamma: null };
  const gemm = withAttributes({ ...standard(of), op: "Gemm" }, gone);
  const steps: (Step | undefined)[] = [(_input, output) => [{ ...gemm, outputs: [output] }], activation];
  return chain(
    site,
    of,
    of.inputs[0] ?? "",
    steps.filter((step) => step !== undefined),
  );
};

/** alpha * A B, each turned where asked. Matrices turned with their batch, and those whose number of axes is unknown, stay as they are. */
const fusedMatMul: Change = (of, site) => {
  const [a = "", b = ""] = of.inputs;
  if (intOf(of, "transBatchA", 0) !== 0 || intOf(of, "transBatchB", 0) !== 0) return [of];
  const turns = [turned(of, site, a, "transA"), turned(of, site, b, "transB")];
  const [left, right] = turns;
  if (left === undefined || right === undefined) return [of];
  const alpha = floatOf(of, "alpha", 1);
  const factor = alpha === 1 ? undefined : scalarLike(site, of, a, alpha, "alpha");
  const product: Step = (_input, output) => [node("MatMul", [left.name, right.name], [output], {}, { name: of.name })];
  const times: Step = (input, output) => [...(factor?.nodes ?? []), node("Mul", [input, factor?.name ?? ""], [output])];
  return [...left.nodes, ...right.nodes, ...chain(site, of, left.name, factor ? [product, times] : [product])];
};

/** Vectors are turned into themselves. */
function turned(of: Node, site: Site, name: string, attribute: string): { name: string; nodes: readonly Node[] } | undefined {
  const { rank } = site.factOf(name);
  if (intOf(of, attribute, 0) === 0 || rank === 1) return { name, nodes: [] };
  if (rank === undefined || rank < 1) return undefined;
  const result = site.fresh(`${hintOf(of)}/${attribute}`);
  const axes = Array.from({ length: rank }, (_, at) => at);
  const perm = ints([...axes.slice(0, -2), rank - 1, rank - 2]);
  return { name: result, nodes: [node("Transpose", [name], [result], { perm })] };
}

/** A sum, normalised over its last axis; the sum itself is the fourth output. */
const skipNormalisation =
  (op: "LayerNormalization" | "RMSNormalization"): Change =>
  (of, site) => {
    const hasBeta = op === "LayerNormalization";
    const [x = "", skip = "", scale = "", ...rest] = of.inputs;
    const [beta, bias] = hasBeta ? rest : ["", ...rest];
    const [y = "", mean, deviation, sum] = of.outputs;
    if (site.isUsed(mean) || site.isUsed(deviation)) return [of];
    const total = sum || site.fresh(`${hintOf(of)}/sum`);
    const added = bias ? chain(site, { ...of, outputs: [total] }, x, [plus(skip), plus(bias)]) : plus(skip)(x, total);
    const attributes = { axis: int(-1), epsilon: float(floatOf(of, "epsilon", 1e-12)) };
    return [...added, node(op, beta ? [total, scale, beta] : [total, scale], [y], attributes, { name: of.name })];
  };

const toStandard: Change = (of) => [standard(of)];

/** Per domain. */
export const compositions: ReadonlyMap<string, ReadonlyMap<string, Change>> = new Map([
  ["", unsupported],
  [
    "com.microsoft",
    new Map<string, Change>([
      ["Gelu", gelu("none")],
      ["BiasGelu", gelu("none")],
      ["FastGelu", gelu("tanh")],
      ["QuickGelu", swish(1.702)],
      ["FusedConv", fusedConv],
      ["FusedGemm", fusedGemm],
      ["FusedMatMul", fusedMatMul],
      ["TransposeMatMul", fusedMatMul],
      ["SkipLayerNormalization", skipNormalisation("LayerNormalization")],
      ["SkipSimplifiedLayerNormalization", skipNormalisation("RMSNormalization")],
      ["QuantizeLinear", toStandard],
      ["DequantizeLinear", toStandard],
    ]),
  ],
]);
