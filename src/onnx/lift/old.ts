/** What opsets below 7 wrote otherwise, and the operators that were tried then and withdrawn. */
import { constant, float, floatOf, floatsOf, int, int64s, intOf, intsOf, node, text, textOf } from "../attributes.ts";
import type { Node } from "../program.ts";
import { type Change, type Row, rows, type Site } from "./change.ts";
import { chain, hintOf, scalarLike, stated, storeInts, withAttributes, without } from "./making.ts";

/** The second input stood for the axes of the first from `axis` on; without it, for the last ones, as it still does. */
const broadcastAt: Change = (of, site) => {
  const plain = withAttributes(of, { axis: null, broadcast: null });
  const [a = "", b = ""] = of.inputs;
  const axis = intOf(of, "axis");
  if (intOf(of, "broadcast", 0) === 0 || axis === undefined) return [plain];
  const spread = site.fresh(`${hintOf(of)}/spread`);
  const shape = shapeWithOnes(site, of, a, b, axis);
  return [...shape.nodes, node("Reshape", [b, shape.name], [spread]), { ...plain, inputs: [a, spread] }];
};

/** The shape of `b` with as many ones behind it as `a` has axes behind those that `b` stands for. */
function shapeWithOnes(site: Site, of: Node, a: string, b: string, axis: number): { name: string; nodes: readonly Node[] } {
  const [rankA, rankB] = [site.factOf(a).rank, site.factOf(b).rank];
  if (rankA === undefined || rankB === undefined) throw site.impossible(of, "how many axes its inputs have is not written in the file");
  const behind = rankA - rankB - (axis < 0 ? axis + rankA : axis);
  const [shape, name] = [site.fresh(`${hintOf(of)}/shape`), site.fresh(`${hintOf(of)}/ones`)];
  if (behind < 0 || behind > rankA) throw site.impossible(of, "its axis is none of its first input's");
  const ones = site.store(int64s(Array.from({ length: behind }, () => 1)), `${hintOf(of)}/one`);
  return { name, nodes: [node("Shape", [b], [shape]), node("Concat", [shape, ones], [name], { axis: int(0) })] };
}

/** A slope for each channel stood for the axis of the channels. */
const slopePerChannel: Change = (of, site) => {
  const [x = "", slope = ""] = of.inputs;
  const { rank } = site.factOf(x);
  if (site.constantOf(slope)?.values.length === 1 || rank === 1) return [of];
  if (rank === undefined) throw site.impossible(of, "how many axes its input has is not written in the file");
  const spread = site.fresh(`${hintOf(of)}/slope`);
  const shape = storeInts(site, of, "shape", [-1, ...Array.from({ length: rank - 2 }, () => 1)]);
  return [node("Reshape", [slope, shape], [spread]), { ...of, inputs: [x, spread] }];
};

/** alpha * f(beta * x). */
const scaled =
  (op: string): Change =>
  (of, site) => {
    const [x = ""] = of.inputs;
    const alpha = scalarLike(site, of, x, floatOf(of, "alpha", 1), "alpha");
    const beta = scalarLike(site, of, x, floatOf(of, "beta", 1), "beta");
    return [
      ...alpha.nodes,
      ...beta.nodes,
      ...chain(site, of, x, [
        (input, output) => [node("Mul", [input, beta.name], [output])],
        (input, output) => [node(op, [input], [output])],
        (input, output) => [node("Mul", [input, alpha.name], [output])],
      ]),
    ];
  };

const affine: Change = (of, site) => {
  const [x = ""] = of.inputs;
  const alpha = scalarLike(site, of, x, floatOf(of, "alpha", 1), "alpha");
  const beta = scalarLike(site, of, x, floatOf(of, "beta", 0), "beta");
  return [
    ...alpha.nodes,
    ...beta.nodes,
    ...chain(site, of, x, [
      (input, output) => [node("Mul", [input, alpha.name], [output])],
      (input, output) => [node("Add", [input, beta.name], [output])],
    ]),
  ];
};

const scale: Change = (of, site) => {
  const [x = ""] = of.inputs;
  const factor = scalarLike(site, of, x, floatOf(of, "scale", 1), "scale");
  return [...factor.nodes, node("Mul", [x, factor.name], of.outputs, {}, { name: of.name })];
};

const imageScaler: Change = (of, site) => {
  const [x = ""] = of.inputs;
  const factor = scalarLike(site, of, x, floatOf(of, "scale", 1), "scale");
  const values = floatsOf(of, "bias") ?? [];
  const bias = site.store(constant("float32", [values.length, 1, 1], Float32Array.from(values)), `${hintOf(of)}/bias`);
  const spread = site.fresh(`${hintOf(of)}/bias`);
  return [
    ...factor.nodes,
    node("CastLike", [bias, x], [spread]),
    ...chain(site, of, x, [
      (input, output) => [node("Mul", [input, factor.name], [output])],
      (input, output) => [node("Add", [input, spread], [output])],
    ]),
  ];
};

/** A border of pixels [left, top, right, bottom] is cut away, or a window of the size `scale` is kept. */
const crop: Change = (of, site) => {
  const [left = 0, top = 0, right = 0, bottom = 0] = intsOf(of, "border") ?? [];
  const window = intsOf(of, "scale");
  const greatest = 2n ** 63n - 1n;
  const ends = window ? [top + (window[0] ?? 0), left + (window[1] ?? 0)] : [bottom, right].map((cut) => (cut === 0 ? greatest : -cut));
  const lists = { starts: [top, left], ends, axes: [2, 3] };
  const names = Object.entries(lists).map(([name, list]) => storeInts(site, of, name, list));
  return [node("Slice", [of.inputs[0] ?? "", ...names], of.outputs, {}, { name: of.name })];
};

const givenFill: Change = (of, site) => {
  const values = floatsOf(of, "values") ?? [];
  const shape = intsOf(of, "shape") ?? [values.length];
  if (of.inputs.length > 0) throw site.impossible(of, "it takes its shape from an input");
  return [node("Identity", [site.store(constant("float32", shape, Float32Array.from(values)), hintOf(of))], of.outputs)];
};

const misspelt: Change = (of) => [textOf(of, "direction") === "foward" ? withAttributes(of, { direction: text("forward") }) : of];

const consumers =
  "Abs Add Ceil Div Dropout Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu Log Max Mean Min Mul Neg PRelu Reciprocal Relu Sigmoid Sqrt Sub Sum Tanh BatchNormalization".split(
    " ",
  );

export const old: readonly Row[] = [
  ...rows(consumers, 6, without("consumed_inputs")),
  [
    "Selu",
    6,
    (of) => [
      withAttributes(of, { consumed_inputs: null, alpha: float(floatOf(of, "alpha", 1.6732)), gamma: float(floatOf(of, "gamma", 1.0507)) }),
    ],
  ],
  ["Concat", 4, stated("axis", int(1))],
  ...rows("Add Sub Mul Div Pow And Or Xor Equal Greater Less".split(" "), 7, broadcastAt),
  ["Gemm", 7, without("broadcast")],
  ["PRelu", 7, slopePerChannel],
  ...rows(["BatchNormalization", "Dropout"], 7, without("is_test")),
  ["GRU", 3, misspelt],
  ...rows(["GRU", "LSTM", "RNN"], 7, without("output_sequence")),
  ["Affine", 10, affine],
  ["Crop", 10, crop],
  ["GivenTensorFill", 10, givenFill],
  ["ImageScaler", 10, imageScaler],
  ["ParametricSoftplus", 10, scaled("Softplus")],
  ["Scale", 10, scale],
  ["ScaledTanh", 10, scaled("Tanh")],
  ["DynamicSlice", 10, (of) => [{ ...of, op: "Slice" }]],
];
