import { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { constant, float, floats, int, int64s, ints, node, text, texts } from "../attributes.ts";
import type { Attribute, Constant } from "../program.ts";
import { answersOf, differenceOf, type Given, programOf, valuesFor } from "./answers.fixture.ts";
import { canonicalOpset, liftProgram } from "./lift.ts";

interface Case {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly inputs: readonly Given[];
  /** Inputs behind the others that are stored. */
  readonly stored?: readonly Constant[];
  readonly outputs?: number;
  readonly domain?: string;
}

function programFor({ op, opset, attributes = {}, inputs, stored = [], outputs = 1, domain = "" }: Case) {
  const names = inputs.map((_, at) => `x${at}`);
  const constants = Object.fromEntries(stored.map((value, at) => [`c${at}`, value]));
  const results = Array.from({ length: outputs }, (_, at) => `y${at}`);
  const made = node(op, [...names, ...Object.keys(constants)], results, attributes, { domain });
  return programOf(opset, [made], Object.fromEntries(inputs.map((given, at) => [`x${at}`, given])), constants);
}

const floats32 = (values: readonly number[], dims: readonly number[] = [values.length]) =>
  constant("float32", dims, Float32Array.from(values));
const of = (element: "float64" | "int64" | "bool" | "uint8" | "string", dims: readonly (number | string)[]): Given => ({
  element,
  dims,
});
const image = [2, 3, 4, 5];

const cases: readonly Case[] = [
  { op: "Clip", opset: 7, inputs: [image] },
  { op: "Clip", opset: 6, attributes: { min: float(-0.5), max: float(1) }, inputs: [image] },
  ...[1, 9].map((opset) => ({
    op: "Slice",
    opset,
    attributes: { starts: ints([1, -2]), ends: ints([2n ** 62n, 5]), axes: ints([1, 3]) },
    inputs: [image],
  })),
  { op: "Slice", opset: 9, attributes: { starts: ints([1]), ends: ints([-1]) }, inputs: [[4, 3]] },
  { op: "Pad", opset: 2, attributes: { pads: ints([0, 0, 1, 2, 0, 0, 1, -1]), value: float(1.5) }, inputs: [image] },
  { op: "Pad", opset: 10, attributes: { pads: ints([0, 1, 2, 0]), mode: text("reflect") }, inputs: [[4, 5]] },
  { op: "Pad", opset: 10, attributes: { pads: ints([0, 1, 2, 0]), value: float(2) }, inputs: [of("float64", [4, 5])] },
  ...["Softmax", "LogSoftmax", "Hardmax"].flatMap((op) =>
    [undefined, 0, 1, 2, 3].map((axis) => ({ op, opset: 9, attributes: axis === undefined ? {} : { axis: int(axis) }, inputs: [image] })),
  ),
  { op: "Softmax", opset: 11, attributes: { axis: int(-1) }, inputs: [image] },
  { op: "Softmax", opset: 12, attributes: { axis: int(-2) }, inputs: [image] },
  { op: "Softmax", opset: 13, inputs: [image] },
  { op: "Squeeze", opset: 11, attributes: { axes: ints([0, -1]) }, inputs: [[1, 3, 1]] },
  { op: "Squeeze", opset: 11, inputs: [[1, 3, 1]] },
  { op: "Unsqueeze", opset: 11, attributes: { axes: ints([0, -1]) }, inputs: [[3, 2]] },
  ...["L1", "L2", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare"].flatMap((kind) =>
    [{ axes: ints([1, -1]) }, { axes: ints([0]), keepdims: int(0) }, {}].map((attributes) => ({
      op: `Reduce${kind}`,
      opset: 12,
      attributes,
      inputs: [image],
    })),
  ),
  { op: "ReduceMax", opset: 17, attributes: { axes: ints([2]) }, inputs: [image] },
  { op: "Split", opset: 11, attributes: { axis: int(1), split: ints([1, 2]) }, inputs: [image], outputs: 2 },
  { op: "Split", opset: 12, attributes: { axis: int(2) }, inputs: [image], outputs: 2 },
  { op: "Split", opset: 13, attributes: { axis: int(2) }, inputs: [image], outputs: 2 },
  { op: "TopK", opset: 9, attributes: { k: int(2), axis: int(1) }, inputs: [[3, 5]], outputs: 2 },
  { op: "TopK", opset: 10, attributes: { axis: int(1) }, inputs: [[3, 5]], stored: [int64s([2])], outputs: 2 },
  ...["nearest", "linear"].flatMap((mode) => [
    { op: "Upsample", opset: 7, attributes: { mode: text(mode), scales: floats([1, 1, 2, 3]) }, inputs: [image] },
    { op: "Upsample", opset: 9, attributes: { mode: text(mode) }, inputs: [image], stored: [floats32([1, 1, 1.5, 2])] },
    ...[
      [2, 1.7],
      [0.5, 0.6],
      [0.6, 2],
    ].map((scales) => ({
      op: "Resize",
      opset: 10,
      attributes: { mode: text(mode) },
      inputs: [[1, 2, 7, 5]],
      stored: [floats32([1, 1, ...scales])],
    })),
  ]),
  {
    op: "Resize",
    opset: 11,
    attributes: { mode: text("cubic") },
    inputs: [image],
    stored: [floats32([]), floats32([]), int64s([2, 3, 6, 4])],
  },
  { op: "Resize", opset: 11, attributes: { mode: text("nearest") }, inputs: [image], stored: [floats32([]), floats32([1, 1, 0.5, 2])] },
  ...[7, 9, 14].map((opset) => ({
    op: "BatchNormalization",
    opset,
    attributes: { epsilon: float(0.1) },
    inputs: [image],
    stored: [floats32([1, 2, 3]), floats32([0, 1, 2]), floats32([0, 1, -1]), floats32([1, 2, 0.5])],
  })),
  {
    op: "BatchNormalization",
    opset: 8,
    attributes: { spatial: int(0) },
    inputs: [[2, 3, 2]],
    stored: [1, 0, 0.5, 2].map((value) =>
      floats32(
        Array.from({ length: 6 }, (_, at) => value + at),
        [3, 2],
      ),
    ),
  },
  { op: "Dropout", opset: 7, attributes: { ratio: float(0.5) }, inputs: [image] },
  { op: "Dropout", opset: 10, inputs: [image], outputs: 2 },
  { op: "Dropout", opset: 12, inputs: [image], outputs: 2 },
  {
    op: "GroupNormalization",
    opset: 18,
    attributes: { num_groups: int(2) },
    inputs: [[2, 4, 3]],
    stored: [floats32([1, 2]), floats32([3, -1])],
  },
  {
    op: "GroupNormalization",
    opset: 21,
    attributes: { num_groups: int(2) },
    inputs: [[2, 4, 3]],
    stored: [floats32([1, 2, 3, 4]), floats32([3, -1, 0, 1])],
  },
  {
    op: "RoiAlign",
    opset: 10,
    attributes: { output_height: int(2), output_width: int(2), spatial_scale: float(0.5) },
    inputs: [[1, 2, 8, 8]],
    stored: [floats32([1, 2, 9, 11], [1, 4]), int64s([0])],
  },
  ...["bilinear", "nearest", "bicubic"].map((mode) => ({
    op: "GridSample",
    opset: 16,
    attributes: { mode: text(mode) },
    inputs: [
      [1, 2, 4, 4],
      [1, 3, 3, 2],
    ],
  })),
  { op: "Scatter", opset: 9, attributes: { axis: int(1) }, inputs: [[2, 4]], stored: [int64s([0, 2], [2, 1]), floats32([5, 6], [2, 1])] },
  { op: "DFT", opset: 17, attributes: { axis: int(2), onesided: int(1) }, inputs: [[2, 3, 8, 1]] },
  { op: "OneHot", opset: 9, inputs: [of("int64", [2, 3])], stored: [int64s([4]), floats32([0, 1])] },
  { op: "Gemm", opset: 7, attributes: { transB: int(1), alpha: float(0.5) }, inputs: [[3, 4], [5, 4], [5]] },
  {
    op: "Gemm",
    opset: 9,
    inputs: [
      [3, 4],
      [4, 2],
      [3, 1],
    ],
  },
  {
    op: "LSTM",
    opset: 7,
    attributes: { hidden_size: int(2) },
    inputs: [
      [3, 2, 4],
      [1, 8, 4],
      [1, 8, 2],
    ],
    outputs: 3,
  },
  {
    op: "GRU",
    opset: 7,
    attributes: { hidden_size: int(2), linear_before_reset: int(1) },
    inputs: [
      [3, 2, 4],
      [1, 6, 4],
      [1, 6, 2],
    ],
    outputs: 2,
  },
  ...[7, 10, 11, 19].flatMap((opset) =>
    ["AveragePool", "MaxPool"].flatMap((op) =>
      [0, 1].map((ceil) => {
        const windows = { kernel_shape: ints([3, 2]), strides: ints([2, 2]), pads: ints([1, 0, 1, 1]) };
        const counted: Readonly<Record<string, Attribute>> = op === "AveragePool" ? { count_include_pad: int(1) } : {};
        return {
          op,
          opset,
          attributes: { ...windows, ...counted, ...(opset < 10 ? {} : { ceil_mode: int(ceil) }) },
          inputs: [[1, 2, 6, 5]],
        };
      }),
    ),
  ),
  ...["SAME_UPPER", "SAME_LOWER", "VALID"].flatMap((pad) => [
    {
      op: "Conv",
      opset: 7,
      attributes: { auto_pad: text(pad), strides: ints([2, 1]) },
      inputs: [
        [1, 2, 5, 4],
        [3, 2, 2, 3],
      ],
    },
    {
      op: "ConvTranspose",
      opset: 7,
      attributes: { auto_pad: text(pad), strides: ints([2, 1]) },
      inputs: [
        [1, 2, 5, 4],
        [2, 3, 2, 3],
      ],
    },
    { op: "LpPool", opset: 11, attributes: { auto_pad: text(pad), kernel_shape: ints([2, 2]) }, inputs: [[1, 2, 5, 4]] },
  ]),
  { op: "MeanVarianceNormalization", opset: 9, inputs: [image] },
  { op: "Cast", opset: 9, attributes: { to: int(7) }, inputs: [image] },
  { op: "ArgMax", opset: 7, attributes: { axis: int(1), keepdims: int(0) }, inputs: [[2, 5]] },
  { op: "DequantizeLinear", opset: 10, inputs: [of("uint8", [4])], stored: [floats32([0.5], []), constant("uint8", [], Uint8Array.of(3))] },
  { op: "QuantizeLinear", opset: 10, inputs: [[5]], stored: [floats32([0.1], []), constant("uint8", [], Uint8Array.of(3))] },
  { op: "Flatten", opset: 7, attributes: { axis: int(2) }, inputs: [image] },
  { op: "Reshape", opset: 7, inputs: [image], stored: [int64s([0, -1])] },
  { op: "Expand", opset: 8, inputs: [[3, 1]], stored: [int64s([2, 3, 4])] },
  {
    op: "SimplifiedLayerNormalization",
    opset: 17,
    attributes: { epsilon: float(0.01) },
    inputs: [[2, 4]],
    stored: [floats32([1, 2, 3, 4])],
  },
  {
    op: "LayerNormalization",
    opset: 11,
    attributes: { epsilon: float(0.01) },
    inputs: [[2, 4]],
    stored: [floats32([1, 2, 3, 4]), floats32([0, 1, 2, 3])],
  },
  { op: "Affine", opset: 9, attributes: { alpha: float(2), beta: float(0.5) }, inputs: [image] },
  { op: "ScaledTanh", opset: 9, attributes: { alpha: float(2), beta: float(0.5) }, inputs: [image] },
  { op: "ParametricSoftplus", opset: 9, attributes: { alpha: float(2), beta: float(0.5) }, inputs: [image] },
  { op: "ImageScaler", opset: 9, attributes: { scale: float(2), bias: floats([1, 2, 3]) }, inputs: [image] },
  { op: "Crop", opset: 9, attributes: { border: ints([1, 0, 2, 1]) }, inputs: [image] },
  { op: "Crop", opset: 9, attributes: { border: ints([1, 2, 0, 0]), scale: ints([2, 3]) }, inputs: [image] },
  { op: "Scale", opset: 9, attributes: { scale: float(3) }, inputs: [image] },
  { op: "MeanVarianceNormalization", opset: 8, attributes: { across_channels: int(1) }, inputs: [image] },
  { op: "MeanVarianceNormalization", opset: 8, attributes: { normalize_variance: int(0) }, inputs: [image] },
  {
    op: "LabelEncoder",
    opset: 9,
    domain: "ai.onnx.ml",
    attributes: { classes_strings: texts(["b", "a"]), default_int64: int(9) },
    inputs: [of("string", [4])],
  },
  {
    op: "LabelEncoder",
    opset: 9,
    domain: "ai.onnx.ml",
    attributes: { classes_strings: texts(["b", "a"]), default_string: text("?") },
    inputs: [of("int64", [4])],
  },
  ...["Gelu", "FastGelu", "QuickGelu"].map((op) => ({ op, opset: 17, domain: "com.microsoft", inputs: [[2, 4]] })),
  ...["QuantizeLinear", "DequantizeLinear"].map((op) => ({
    op,
    opset: 17,
    domain: "com.microsoft",
    attributes: { axis: int(0) },
    inputs: [op === "QuantizeLinear" ? [2, 3] : of("uint8", [2, 3])],
    stored: [floats32([0.1, 0.5]), constant("uint8", [2], Uint8Array.of(3, 9))],
  })),
  { op: "BiasGelu", opset: 17, domain: "com.microsoft", inputs: [[2, 4], [4]] },
  { op: "FastGelu", opset: 17, domain: "com.microsoft", inputs: [[2, 4], [4]] },
  {
    op: "FusedConv",
    opset: 17,
    domain: "com.microsoft",
    attributes: { activation: text("Relu"), kernel_shape: ints([2, 2]) },
    inputs: [[1, 2, 5, 4], [3, 2, 2, 2], [3]],
  },
  {
    op: "FusedConv",
    opset: 17,
    domain: "com.microsoft",
    attributes: { activation: text("Clip"), activation_params: floats([-0.5, 1]), kernel_shape: ints([2, 2]) },
    inputs: [[1, 2, 5, 4], [3, 2, 2, 2], [3], [1, 3, 4, 3]],
  },
  {
    op: "FusedGemm",
    opset: 17,
    domain: "com.microsoft",
    attributes: { activation: text("LeakyRelu"), activation_alpha: float(0.2) },
    inputs: [[2, 3], [3, 4], [4]],
  },
  {
    op: "FusedMatMul",
    opset: 17,
    domain: "com.microsoft",
    attributes: { transA: int(1), transB: int(1), alpha: float(0.5) },
    inputs: [
      [2, 3, 4],
      [2, 5, 3],
    ],
  },
  {
    op: "SkipLayerNormalization",
    opset: 17,
    domain: "com.microsoft",
    attributes: { epsilon: float(0.01) },
    inputs: [
      [1, 2, 4],
      [1, 2, 4],
    ],
    stored: [floats32([1, 2, 3, 4]), floats32([0, 1, 2, 3]), floats32([1, 1, 2, 2])],
  },
  {
    op: "SkipSimplifiedLayerNormalization",
    opset: 17,
    domain: "com.microsoft",
    attributes: { epsilon: float(0.01) },
    inputs: [
      [1, 2, 4],
      [1, 2, 4],
    ],
    stored: [floats32([1, 2, 3, 4])],
  },
];

const titleOf = ({ op, opset, domain = "", attributes = {}, inputs, stored = [] }: Case) =>
  `${domain}${op} of opset ${opset} [${Object.entries(attributes).map(([name, { value }]) => `${name}=${String(value)}`)}] ${inputs.length}+${stored.length}`;

describe("a node of an older opset answers alike in the canonical one, as onnxruntime says of both", () => {
  test.for(cases.map((each) => [titleOf(each), each] as const))("%s", async ([, each]) => {
    const program = programFor(each);
    const lifted = liftProgram(program);
    expect(differenceOf(await answersOf(lifted), await answersOf(program))).toBeNull();
  });
});

test("the bounds of a float16 tensor become float16", async () => {
  const nodes = [
    node("Cast", ["x"], ["narrow"], { to: int(10) }),
    node("Clip", ["narrow"], ["cut"], { min: float(-0.5), max: float(1) }),
    node("Cast", ["cut"], ["y"], { to: int(1) }),
  ];
  const program = programOf(10, nodes, { x: [6] });
  const x = new Tensor("float32", Float32Array.of(-2, -0.5, 0, 0.25, 1, 3));
  expect(differenceOf(await answersOf(liftProgram(program), { x }), await answersOf(program, { x }))).toBeNull();
});

test("a program is lifted to the canonical opset, save where onnxruntime lacks an operator there", () => {
  expect(liftProgram(programOf(9, [node("Relu", ["x"], ["y"])], { x: [2] })).opsets.get("")).toBe(canonicalOpset);
  expect(liftProgram(programOf(9, [node("GlobalLpPool", ["x"], ["y"])], { x: [1, 2, 3, 3] })).opsets.get("")).toBe(21);
});

/** As onnxruntime has them from opset 7 on alone, these are compared with what they are by definition. */
test("an operand of opset 6 that stands for axes in the middle is spread over them", async () => {
  const add = node("Add", ["a", "b"], ["y"], { broadcast: int(1), axis: int(1) });
  const program = programOf(6, [add], { a: [2, 3, 2], b: [3] });
  const a = new Tensor(
    "float32",
    Float32Array.from({ length: 12 }, (_, at) => at),
    [2, 3, 2],
  );
  const b = new Tensor("float32", Float32Array.of(100, 200, 300), [3]);
  const [answer] = await answersOf(liftProgram(program), { a, b });
  expect(answer?.values).toEqual(Array.from({ length: 12 }, (_, at) => at + 100 * ((Math.floor(at / 2) % 3) + 1)));
});

test("a slope of opset 6 is one of a channel", async () => {
  const program = programOf(6, [node("PRelu", ["x", "slope"], ["y"])], { x: [1, 2, 2] }, { slope: floats32([0.5, 0.25]) });
  const x = new Tensor("float32", Float32Array.of(-1, 2, -4, 8), [1, 2, 2]);
  expect((await answersOf(liftProgram(program), { x }))[0]?.values).toEqual([-0.5, 2, -1, 8]);
});

test("types that opset 5 names in words, and attributes that were hints, are read", async () => {
  const nodes = [
    node("Relu", ["x"], ["r"], { consumed_inputs: ints([0]) }),
    node("Cast", ["r"], ["i"], { to: text("INT32") }),
    node("Reshape", ["i"], ["s"], { shape: ints([2, -1]) }),
    node("Concat", ["s", "s"], ["y"]),
  ];
  const x = new Tensor("float32", Float32Array.of(-1, 2, 3, 4), [4]);
  const program = programOf(3, nodes, { x: [4] });
  const [answer] = await answersOf(liftProgram(program), { x });
  expect(answer).toEqual({ dims: [2, 4], values: [0, 2, 0, 2, 3, 4, 3, 4] });
});

/** With the batch first, which onnxruntime does not run, a layer gives what it gives for the same numbers with the steps first. */
test.for([
  ["RNN", 1, 2],
  ["GRU", 3, 2],
  ["LSTM", 4, 3],
] as const)("%s with its batch first is turned", async ([op, gates, outputs]) => {
  const [batch, steps, hidden, size] = [2, 3, 4, 5];
  const names = ["y", "h", "c"].slice(0, outputs);
  const states = outputs === 3 ? { h0: [1, batch, hidden], c0: [1, batch, hidden] } : { h0: [1, batch, hidden] };
  const weights = { w: [1, gates * hidden, size], r: [1, gates * hidden, hidden], b: [1, 2 * gates * hidden] };
  const swapped = (given: Readonly<Record<string, Given>>) =>
    Object.fromEntries(Object.entries(given).map(([name, dims]) => [name, (dims as number[]).with(0, batch).with(1, 1)]));
  const layer = (layout: number) =>
    node(op, ["x", "w", "r", "b", "", ...Object.keys(states)], names, { hidden_size: int(hidden), layout: int(layout) });
  const first = programOf(22, [layer(0)], { x: [steps, batch, size], ...weights, ...states });
  const second = programOf(22, [layer(1)], { x: [batch, steps, size], ...weights, ...swapped(states) });
  const given = Object.fromEntries(first.graph.inputs.map((input) => [input.name, valuesFor(input)]));
  const turned = { ...given, ...Object.fromEntries(["x", ...Object.keys(states)].map((name) => [name, exchanged(given[name])])) };
  const expected = (await answersOf(first, given)).map(({ dims, values }, at) => {
    const result = new Tensor("float32", Float32Array.from(values as readonly number[]), dims);
    const moved = at === 0 ? laidOut(result, [2, 0, 1, 3]) : exchanged(result);
    return { dims: moved.dims, values: Array.from(moved.data as Float32Array) };
  });
  expect(differenceOf(await answersOf(liftProgram(second), turned), expected)).toBeNull();
});

const exchanged = (of: Tensor | undefined) => laidOut(of, [1, 0, 2]);

/** Its axes in another order, by their definition. */
function laidOut(of: Tensor | undefined, perm: readonly number[]): Tensor {
  if (of === undefined) throw new Error("there is no such tensor");
  const dims = perm.map((axis) => of.dims[axis] ?? 0);
  const values = Float32Array.from({ length: of.size }, (_, place) => {
    const index: number[] = [];
    let rest = place;
    for (let at = dims.length - 1; at >= 0; at--) {
      index[perm[at] ?? 0] = rest % (dims[at] ?? 1);
      rest = Math.floor(rest / (dims[at] ?? 1));
    }
    return Number(of.data[of.dims.reduce((sum, dim, axis) => sum * dim + (index[axis] ?? 0), 0)]);
  });
  return new Tensor("float32", values, dims);
}
