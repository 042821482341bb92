/** Attributes that became inputs. */
import { constant, float, floatOf, floatsOf, int, intOf, intsOf, node } from "../attributes.ts";
import { typeOf } from "../element.ts";
import type { Node } from "../program.ts";
import { type Change, type Row, rows, type Site } from "./change.ts";
import { constantNumbers, hintOf, scalarLike, storeInts, withAttributes, withInput } from "./making.ts";

/** A list of whole numbers that became the input in this place; a node without it keeps its meaning. */
const listAsInput =
  (name: string, at: number): Change =>
  (of, site) => {
    const list = intsOf(of, name);
    const rest = withAttributes(of, { [name]: null, consumed_inputs: null });
    return [list === undefined ? rest : withInput(rest, at, storeInts(site, of, name, list))];
  };

/** Reduced over no axes meant over all of them, as it does where the input is left out. */
const axesOfReduction: Change = (of, site) =>
  intsOf(of, "axes")?.length === 0 ? [withAttributes(of, { axes: null })] : listAsInput("axes", 1)(of, site);

const lowest = -3.4028234663852886e38;

/** Left out, a bound was the lowest or greatest float32. */
const clip: Change = (of, site) => {
  const [x = ""] = of.inputs;
  const min = scalarLike(site, of, x, floatOf(of, "min", lowest), "min");
  const max = scalarLike(site, of, x, floatOf(of, "max", -lowest), "max");
  const changed = withAttributes({ ...of, inputs: [x, min.name, max.name] }, { min: null, max: null });
  return [...min.nodes, ...max.nodes, changed];
};

const pad: Change = (of, site) => {
  const [x = ""] = of.inputs;
  const value = floatOf(of, "value", 0);
  const filled = value === 0 ? { name: "", nodes: [] } : scalarLike(site, of, x, value, "value");
  const pads = storeInts(site, of, "pads", intsOf(of, "pads") ?? []);
  return [
    ...filled.nodes,
    withAttributes({ ...of, inputs: filled.name === "" ? [x, pads] : [x, pads, filled.name] }, { pads: null, value: null }),
  ];
};

const slice: Change = (of, site) => {
  const lists = [intsOf(of, "starts") ?? [], intsOf(of, "ends") ?? [], intsOf(of, "axes")];
  const names = ["starts", "ends", "axes"].map((name, at) => {
    const list = lists[at];
    return list === undefined ? "" : storeInts(site, of, name, wholeOf(of, name) ?? list);
  });
  const inputs = [of.inputs[0] ?? "", ...names];
  return [withAttributes({ ...of, inputs: names[2] === "" ? inputs.slice(0, 3) : inputs }, { starts: null, ends: null, axes: null })];
};

/** As they stand: an end beyond 2^53 means the end. */
function wholeOf(of: Node, name: string): readonly bigint[] | undefined {
  const found = of.attributes.get(name);
  return found?.kind === "ints" ? found.value : undefined;
}

/** Without sizes, the parts are equal: since opset 18 a node says how many. */
const equalParts: Change = (of) => [
  of.inputs[1] ? of : withAttributes({ ...of, inputs: of.inputs.slice(0, 1) }, { num_outputs: int(of.outputs.length) }),
];

const topK: Change = (of, site) => [withAttributes(withInput(of, 1, storeInts(site, of, "k", [intOf(of, "k", 1)])), { k: null })];

const dft: Change = (of, site) => [
  withAttributes(withInput(of, 2, storeInts(site, of, "axis", [intOf(of, "axis", 1)], [])), { axis: null }),
];

/** At inference, what Dropout gives is what it is given; then its mask drops nothing: onnxruntime writes false there before opset 12. */
export const inferenceDropout =
  (maskIsBool: boolean): Change =>
  (of, site) => {
    const [x = ""] = of.inputs;
    const [y = "", mask] = of.outputs;
    const same = node("Identity", [x], [y], {}, { name: of.name });
    if (mask === undefined || !site.isUsed(mask)) return [same];
    if (maskIsBool) return [same, node("Less", [x, x], [mask])];
    const none = site.fresh(`${hintOf(of)}/mask`);
    return [same, node("Less", [x, x], [none]), node("CastLike", [none, x], [mask])];
  };

/** The scales of each axis; height and width alone in the first form, of pictures. */
const scalesOfUpsample: Change = (of) => {
  const scales = { kind: "floats" as const, value: [1, 1, floatOf(of, "height_scale", 1), floatOf(of, "width_scale", 1)] };
  const isLinear = of.attributes.get("mode")?.value === "bilinear";
  const mode = isLinear ? { mode: { kind: "string" as const, value: "linear" } } : {};
  return [withAttributes(of, { height_scale: null, width_scale: null, scales, ...mode })];
};

const scalesAsInput: Change = (of, site) => {
  const scales = floatsOf(of, "scales") ?? [];
  const name = site.store(constant("float32", [scales.length], Float32Array.from(scales)), `${hintOf(of)}/scales`);
  return [withAttributes(withInput(of, 1, name), { scales: null })];
};

/** One axis and how often, both stored, where now a list says it for every axis. */
const tile: Change = (of, site) => {
  const [x = "", tiles, axis] = of.inputs;
  const { rank } = site.factOf(x);
  const [times] = constantNumbers(site, tiles) ?? [];
  const [along] = constantNumbers(site, axis) ?? [];
  if (rank === undefined || times === undefined || along === undefined) throw site.impossible(of, "its axis is not stored in the file");
  const repeats = Array.from({ length: rank }, (_, at) => (at === along ? times : 1));
  return [{ ...of, inputs: [x, storeInts(site, of, "repeats", repeats)] }];
};

const splitInput: Change = (of, site) => {
  const [x = "", sizes] = of.inputs;
  const axis = int(intOf(of, "axis", 0));
  if (!sizes) return [withAttributes(of, { axis })];
  const list = constantNumbers(site, sizes);
  if (list === undefined) throw site.impossible(of, "the sizes of its parts are not stored in the file");
  return [withAttributes({ ...of, inputs: [x] }, { axis, split: { kind: "ints", value: list.map(BigInt) } })];
};

const types: Readonly<Record<string, number>> = {
  FLOAT: typeOf("float32"),
  DOUBLE: typeOf("float64"),
  FLOAT16: typeOf("float16"),
  INT8: typeOf("int8"),
  INT16: typeOf("int16"),
  INT32: typeOf("int32"),
  INT64: typeOf("int64"),
  UINT8: typeOf("uint8"),
  UINT16: typeOf("uint16"),
  UINT32: typeOf("uint32"),
  UINT64: typeOf("uint64"),
  BOOL: typeOf("bool"),
  STRING: typeOf("string"),
};

const castByName: Change = (of, site) => {
  const to = of.attributes.get("to");
  if (to?.kind !== "string") return [of];
  const type = types[to.value.toUpperCase()];
  if (type === undefined) throw site.impossible(of, "it casts to a type that does not exist");
  return [withAttributes(of, { to: int(type) })];
};

const renamed =
  (from: string, to: string): Change =>
  (of) => {
    const value = of.attributes.get(from);
    return [value === undefined ? of : withAttributes(of, { [from]: null, [to]: value })];
  };

const wholePower: Change = (of: Node, _site: Site) => [withAttributes(of, { p: int(floatOf(of, "p", intOf(of, "p", 2))) })];

const reductions = ["L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"].map((kind) => `Reduce${kind}`);

export const inputs: readonly Row[] = [
  ...rows(reductions, 18, axesOfReduction),
  ["ReduceSum", 13, axesOfReduction],
  ["Squeeze", 13, listAsInput("axes", 1)],
  ["Unsqueeze", 13, listAsInput("axes", 1)],
  ["Reshape", 5, listAsInput("shape", 1)],
  ["Split", 2, splitInput],
  ["Split", 13, listAsInput("split", 1)],
  ["Split", 18, equalParts],
  ["Slice", 10, slice],
  ["Pad", 2, renamed("paddings", "pads")],
  ["Pad", 11, pad],
  [
    "Clip",
    6,
    (of) => [
      withAttributes(of, { consumed_inputs: null, min: float(floatOf(of, "min", lowest)), max: float(floatOf(of, "max", -lowest)) }),
    ],
  ],
  ["Clip", 11, clip],
  ["TopK", 10, topK],
  ["DFT", 20, dft],
  ["Tile", 6, tile],
  ["Upsample", 7, scalesOfUpsample],
  ["Upsample", 9, scalesAsInput],
  ["Cast", 6, castByName],
  ["GlobalLpPool", 2, wholePower],
  ["LpPool", 2, wholePower],
];
