import { intOf, intsOf, textOf } from "../attributes.ts";
import type { Element } from "../program.ts";
import { type Call, common, dim, input, known, mismatch, numbers, type Rule, rank, sizeOf } from "./call.ts";

/** How windows lie over the spatial dimensions. */
interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Those at the starts, then those at the ends. */
  readonly pads: readonly number[];
  readonly auto: string;
  readonly ceil: boolean;
}

function listOf(call: Call, name: string, length: number, fallback: number, least: number): readonly number[] {
  const given = intsOf(call.node, name) ?? new Array<number>(length).fill(fallback);
  if (given.length !== length) mismatch(call, `${name} has ${given.length} numbers instead of ${length}`);
  if (given.some((value) => !(value >= least))) mismatch(call, `${name} holds ${Math.min(...given)}`);
  return given;
}

export function windowsOf(call: Call, kernel: readonly number[]): Windows {
  const auto = textOf(call.node, "auto_pad", "NOTSET");
  const spatial = kernel.length;
  return {
    kernel,
    strides: listOf(call, "strides", spatial, 1, 1),
    dilations: listOf(call, "dilations", spatial, 1, 1),
    pads:
      auto === "NOTSET" || auto === "" ? listOf(call, "pads", 2 * spatial, 0, Number.NEGATIVE_INFINITY) : new Array(2 * spatial).fill(0),
    auto,
    ceil: intOf(call.node, "ceil_mode", 0) !== 0,
  };
}

const at = (list: readonly number[], index: number) => list[index] ?? 0;

/** How many windows fit along one axis. */
export function windowCount(size: number, axis: number, { kernel, strides, dilations, pads, auto, ceil }: Windows): number {
  const stride = at(strides, axis);
  if (auto.startsWith("SAME")) return Math.ceil(size / stride);
  const reach = (at(kernel, axis) - 1) * at(dilations, axis) + 1;
  const [before, after] = [at(pads, axis), at(pads, axis + kernel.length)];
  const room = (size + before + after - reach) / stride;
  const count = (ceil ? Math.ceil(room) : Math.floor(room)) + 1;
  return ceil && (count - 1) * stride >= size + before ? count - 1 : count; // the last window starts inside the input
}

export function slid(call: Call, spatial: readonly number[], windows: Windows): readonly number[] {
  if (windows.kernel.length !== spatial.length)
    mismatch(call, `its kernel has ${windows.kernel.length} dimensions instead of ${spatial.length}`);
  const dims = spatial.map((size, axis) => windowCount(size, axis, windows));
  if (dims.some((count) => count < 0)) mismatch(call, `windows of [${windows.kernel}] do not fit into [${spatial}]`);
  return dims;
}

/** The weight's spatial dimensions; the attribute may repeat them. */
function kernelOf(call: Call, weight: readonly number[]): readonly number[] {
  const kernel = weight.slice(2);
  const told = intsOf(call.node, "kernel_shape");
  if (told !== undefined && told.join() !== kernel.join()) mismatch(call, `kernel_shape [${told}] is not the weight's [${kernel}]`);
  return kernel;
}

/** Of the input at `x` and the weight at `w`. */
export function convolvedDims(call: Call, x: number, w: number, bias?: number): readonly number[] {
  const [image, weight] = [input(call, x), input(call, w)];
  const group = intOf(call.node, "group", 1);
  const channels = dim(weight, 0);
  if (rank(image) < 3 || rank(image) !== rank(weight)) mismatch(call, "input and weight are of the same, at least 3 dimensions");
  if (dim(image, 1) !== dim(weight, 1) * group) mismatch(call, `${dim(image, 1)} channels do not go with ${group} times ${dim(weight, 1)}`);
  if (channels % group !== 0) mismatch(call, `${channels} channels are not divided by ${group} groups`);
  const added = bias === undefined ? undefined : call.inputs[bias];
  if (added !== undefined && sizeOf(added.dims) !== channels) mismatch(call, `the bias is not of ${channels} values`);
  return [dim(image, 0), channels, ...slid(call, image.dims.slice(2), windowsOf(call, kernelOf(call, weight.dims)))];
}

const conv: Rule = (call) => [known(common(call, 0, 3), convolvedDims(call, 0, 1, 2))];

/** Padded to the same size it is a multiple of the input's, or less where windows leave gaps: as onnxruntime has it. */
function transposedSize(call: Call, size: number, axis: number, windows: Windows, extra: readonly number[]): number {
  const { kernel, strides, dilations, pads, auto } = windows;
  const stride = at(strides, axis);
  const reach = (at(kernel, axis) - 1) * at(dilations, axis) + 1;
  const whole = stride * (size - 1) + at(extra, axis) + reach;
  if (auto.startsWith("SAME")) return Math.min(whole, size * stride);
  const count = whole - at(pads, axis) - at(pads, axis + kernel.length);
  return count >= 0 ? count : mismatch(call, `its output would be of size ${count}`);
}

const convTranspose: Rule = (call) => {
  const element = common(call, 0, 3);
  const [image, weight] = [input(call, 0), input(call, 1)];
  const group = intOf(call.node, "group", 1);
  if (rank(image) < 3 || rank(image) !== rank(weight)) mismatch(call, "input and weight are of the same, at least 3 dimensions");
  if (dim(image, 1) !== dim(weight, 0)) mismatch(call, `${dim(image, 1)} channels do not go with ${dim(weight, 0)}`);
  const channels = dim(weight, 1) * group;
  const bias = call.inputs[2];
  if (bias !== undefined && sizeOf(bias.dims) !== channels) mismatch(call, `the bias is not of ${channels} values`);
  const windows = windowsOf(call, kernelOf(call, weight.dims));
  const spatial = image.dims.slice(2);
  const asked = intsOf(call.node, "output_shape")?.slice(-spatial.length);
  const extra = listOf(call, "output_padding", spatial.length, 0, 0);
  return [
    known(element, [dim(image, 0), channels, ...(asked ?? spatial.map((size, axis) => transposedSize(call, size, axis, windows, extra)))]),
  ];
};

export function pooled(call: Call): readonly number[] {
  const image = input(call, 0);
  if (rank(image) < 3) mismatch(call, "its input is of at least 3 dimensions");
  const kernel = listOf(call, "kernel_shape", rank(image) - 2, 0, 1);
  return [...image.dims.slice(0, 2), ...slid(call, image.dims.slice(2), windowsOf(call, kernel))];
}

const pool: Rule = (call) => [known(input(call, 0).element, pooled(call))];
const maxPool: Rule = (call) => {
  const dims = pooled(call);
  return [known(input(call, 0).element, dims), known("int64", dims)];
};

export function globalPooled(call: Call): readonly number[] {
  const { dims } = input(call, 0);
  if (dims.length < 2) mismatch(call, "its input is of at least 2 dimensions");
  return dims.map((size, at) => (at < 2 ? size : 1));
}

const globalPool: Rule = (call) => [known(input(call, 0).element, globalPooled(call))];

const maxUnpool: Rule = (call) => {
  const { element, dims } = input(call, 0);
  if (dims.length < 3) mismatch(call, "its input is of at least 3 dimensions");
  const windows = windowsOf(call, listOf(call, "kernel_shape", dims.length - 2, 0, 1));
  const asked = numbers(call, 2);
  return [
    known(element, asked ?? [...dims.slice(0, 2), ...dims.slice(2).map((size, axis) => transposedSize(call, size, axis, windows, []))]),
  ];
};

const integerConv =
  (element: (call: Call) => Element, x: number, w: number, bias?: number): Rule =>
  (call) => [known(element(call), convolvedDims(call, x, w, bias))];

const deformConv: Rule = (call) => [known(common(call), convolvedDims(call, 0, 1, 3))];

const col2Im: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const [image, block] = [numbers(call, 1) ?? [], numbers(call, 2) ?? []];
  const channels = dim(input(call, 0), 1) / sizeOf(block);
  if (dims.length !== 3 || !Number.isInteger(channels)) mismatch(call, `its input is not made of blocks of [${block}]`);
  return [known(element, [dims[0] ?? 0, channels, ...image])];
};

export const windows: Readonly<Record<string, Rule>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  ConvInteger: integerConv(() => "int32", 0, 1),
  QLinearConv: integerConv((call) => input(call, 7).element, 0, 3, 8),
  DeformConv: deformConv,
  AveragePool: pool,
  LpPool: pool,
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  Col2Im: col2Im,
};
