/** Operators that came to mean something else, or that others replaced. */
import { constant, floatOf, graph as held, int, intOf, ints, intsOf, node, text, textOf } from "../attributes.ts";
import type { Graph, PortType } from "../program.ts";
import { type Change, type Row, rows } from "./change.ts";
import { inferenceDropout } from "./inputs.ts";
import { chain, constantNumbers, hintOf, scalarLike, stated, storeInts, withAttributes, without } from "./making.ts";

/** Before opset 13 all axes from `axis` on were one: that is the last axis alone, or the tensor is flattened for it. */
const flattening: Change = (of, site) => {
  const [x = ""] = of.inputs;
  const { rank } = site.factOf(x);
  const axis = intOf(of, "axis", 1);
  if (axis === -1 || (rank !== undefined && axis === rank - 1)) return [withAttributes(of, { axis: int(-1) })];
  const shape = site.fresh(`${hintOf(of)}/shape`);
  return [
    node("Shape", [x], [shape]),
    ...chain(site, of, x, [
      (input, output) => [node("Flatten", [input], [output], { axis: int(axis) })],
      (input, output) => [{ ...of, inputs: [input], outputs: [output], attributes: new Map([["axis", int(-1)]]) }],
      (input, output) => [node("Reshape", [input, shape], [output])],
    ]),
  ];
};

/** Where a scale shrinks, onnxruntime took the next value above, else the one below; an axis of each kind needs a node of its own. */
const resize: Change = (of, site) => {
  if (of.op === "Resize" && of.inputs.length > 2) return [of];
  const [x = "", scales = ""] = of.inputs;
  const mode = textOf(of, "mode", "nearest");
  const step = (named: string, nearest: string) => (input: string, output: string) => [
    node(
      "Resize",
      [input, "", named],
      [output],
      {
        mode: text(mode === "bilinear" ? "linear" : mode),
        coordinate_transformation_mode: text("asymmetric"),
        ...(mode === "nearest" ? { nearest_mode: text(nearest) } : {}),
      },
      { name: of.name },
    ),
  ];
  const factors = constantNumbers(site, scales);
  if (mode !== "nearest" || factors?.every((factor) => factor >= 1)) return chain(site, of, x, [step(scales, "floor")]);
  if (factors?.every((factor) => factor <= 1)) return chain(site, of, x, [step(scales, "ceil")]);
  const [down, up, one] = [
    site.fresh(`${hintOf(of)}/down`),
    site.fresh(`${hintOf(of)}/up`),
    site.store(constant("float32", [1], Float32Array.of(1)), "one"),
  ];
  const parts = [node("Min", [scales, one], [down]), node("Max", [scales, one], [up])];
  return [...parts, ...chain(site, of, x, [step(down, "ceil"), step(up, "floor")])];
};

/** Inputs of no values stood for inputs that are left out; where sizes are given, scales are such. */
const emptyInputs: Change = (of, site) => {
  const isEmpty = (name: string, at: number) => at > 0 && site.constantOf(name)?.values.length === 0;
  const inputs = of.inputs.map((name, at) => (isEmpty(name, at) ? "" : name));
  return [{ ...of, inputs: inputs[3] ? inputs.with(2, "") : inputs }];
};

/** With other outputs than the first, an older file trained; onnxruntime never did. */
const inferenceBatchNorm: Change = (of, site) => {
  if (of.outputs.slice(1).some(site.isUsed)) throw site.impossible(of, "it trains, which it may not in a model that answers");
  return [{ ...of, outputs: of.outputs.slice(0, 1) }];
};

/** Not spatial: every activation has a mean and a variance of its own. */
const activationWise: Change = (of, site) => {
  if (intOf(of, "spatial", 1) !== 0) return without("spatial")(of, site);
  const [x = "", scale = "", bias = "", mean = "", variance = ""] = of.inputs;
  const epsilon = scalarLike(site, of, variance, floatOf(of, "epsilon", 1e-5), "epsilon");
  const [shifted, root] = [site.fresh(`${hintOf(of)}/variance`), site.fresh(`${hintOf(of)}/deviation`)];
  return [
    ...epsilon.nodes,
    node("Add", [variance, epsilon.name], [shifted]),
    node("Sqrt", [shifted], [root]),
    ...chain(site, of, x, [
      (input, output) => [node("Sub", [input, mean], [output])],
      (input, output) => [node("Div", [input, root], [output])],
      (input, output) => [node("Mul", [input, scale], [output])],
      (input, output) => [node("Add", [input, bias], [output])],
    ]),
  ];
};

/** One scale and one bias a group became one a channel: each is repeated for the channels of its group. */
const channelWise: Change = (of, site) => {
  const [x = "", scale = "", bias = ""] = of.inputs;
  const groups = intOf(of, "num_groups", 1);
  const names = ["channels", "each", "repeats"].map((name) => site.fresh(`${hintOf(of)}/${name}`));
  const [channels = "", each = "", repeats = ""] = names;
  const one = storeInts(site, of, "one", [1]);
  const all = storeInts(site, of, "all", [-1]);
  const perChannel = (of_: string, name: string) => {
    const [column, table, list] = ["column", "table", name].map((part) => site.fresh(`${hintOf(of)}/${name}/${part}`)) as [
      string,
      string,
      string,
    ];
    return {
      list,
      nodes: [node("Unsqueeze", [of_, one], [column]), node("Expand", [column, repeats], [table]), node("Reshape", [table, all], [list])],
    };
  };
  const [scales, biases] = [perChannel(scale, "scale"), perChannel(bias, "bias")];
  return [
    node("Shape", [x], [channels], { start: int(1), end: int(2) }),
    node("Div", [channels, storeInts(site, of, "groups", [groups])], [each]),
    node("Concat", [one, each], [repeats], { axis: int(0) }),
    ...scales.nodes,
    ...biases.nodes,
    { ...of, inputs: [x, scales.list, biases.list] },
  ];
};

const samplingModes: Readonly<Record<string, string>> = { bilinear: "linear", bicubic: "cubic" };

const gridSample: Change = (of) => {
  const mode = textOf(of, "mode", "bilinear");
  return [withAttributes(of, { mode: text(samplingModes[mode] ?? mode) })];
};

const untyped = (name: string): PortType => ({ name, element: null, dims: null, proto: undefined });

/** A scan of every sequence of a batch became a scan of one: around it stands another over the batch. */
const scanOfBatch: Change = (of, site) => {
  const [lengths, ...given] = of.inputs;
  if (lengths) throw site.impossible(of, "it scans sequences of several lengths in one batch");
  const scanned = intOf(of, "num_scan_inputs", given.length);
  const inner = given.map((name) => site.fresh(`${name}/each`));
  const results = of.outputs.map((name, at) => site.fresh(`${name || `${hintOf(of)}/${at}`}/each`));
  const body = of.attributes.get("body");
  const directions = intsOf(of, "directions");
  const scan = node("Scan", inner, results, {
    body,
    num_scan_inputs: int(scanned),
    ...(directions === undefined ? {} : { scan_input_directions: ints(directions) }),
  });
  const around: Graph = { name: "batch", nodes: [scan], constants: new Map(), inputs: inner.map(untyped), outputs: results.map(untyped) };
  return [node("Scan", given, of.outputs, { body: held(around), num_scan_inputs: int(given.length) }, { name: of.name })];
};

const meanVariance: Change = (of, site) => {
  const axes = intOf(of, "across_channels", 0) === 1 ? [0, 1, 2, 3] : [0, 2, 3];
  if (of.attributes.has("axes")) return [of];
  const changed = withAttributes(of, { across_channels: null, normalize_variance: null, axes: ints(axes) });
  if (intOf(of, "normalize_variance", 1) === 1) return [changed];
  const [x = ""] = of.inputs;
  const mean = site.fresh(`${hintOf(of)}/mean`);
  return [node("ReduceMean", [x, storeInts(site, of, "axes", axes)], [mean]), node("Sub", [x, mean], of.outputs, {}, { name: of.name })];
};

const renamedTo =
  (op: string): Change =>
  (of) => [{ ...of, op }];

export const meanings: readonly Row[] = [
  ...rows(["Softmax", "LogSoftmax", "Hardmax"], 13, flattening),
  ["Upsample", 10, resize],
  ["Resize", 11, resize],
  ["Resize", 13, emptyInputs],
  ["Resize", 18, emptyInputs],
  ["BatchNormalization", 9, activationWise],
  ["BatchNormalization", 14, inferenceBatchNorm],
  ["GroupNormalization", 21, channelWise],
  ["Dropout", 10, inferenceDropout(false)],
  ["Dropout", 12, inferenceDropout(true)],
  ["RoiAlign", 16, stated("coordinate_transformation_mode", text("output_half_pixel"))],
  ["GridSample", 20, gridSample],
  ["Scatter", 11, renamedTo("ScatterElements")],
  ["Scan", 9, scanOfBatch],
  ["MeanVarianceNormalization", 9, meanVariance],
  ["SimplifiedLayerNormalization", 23, renamedTo("RMSNormalization")],
];
