import { intOf, intsOf } from "../attributes.ts";
import { axisOf, type Call, common, dim, input, known, mismatch, numbers, type Rule, rank, sizeOf } from "./call.ts";
import { broadcastOf, replaced, sameDims } from "./dims.ts";

const mostAxes = 64;

/** Axes counted from the front, each once, in order. */
export function axesOf(call: Call, axes: readonly number[], of: number): readonly number[] {
  if (axes.length > mostAxes) mismatch(call, `${axes.length} axes are more than any value has`);
  const found = axes.map((axis) => axisOf(call, axis, of)).sort((a, b) => a - b);
  if (new Set(found).size !== found.length) mismatch(call, `the axes [${axes}] name one twice`);
  return found;
}

const reshape: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const asked = numbers(call, 1) ?? [];
  const zeroIsZero = intOf(call.node, "allowzero", 0) !== 0;
  const shape = asked.map((size, at) =>
    size === 0 && !zeroIsZero ? (dims[at] ?? mismatch(call, `there is no dimension ${at} to copy`)) : size,
  );
  const open = shape.indexOf(-1);
  if (shape.some((size, at) => size < 0 && at !== open)) mismatch(call, `the shape [${asked}] is not possible`);
  const count = sizeOf(dims);
  const rest = shape.reduce((product, size, at) => (at === open ? product : product * size), 1);
  const whole = open < 0 ? shape : shape.with(open, rest === 0 ? 0 : count / rest);
  if (sizeOf(whole) !== count || whole.some((size) => !Number.isInteger(size))) mismatch(call, `${count} values do not fill [${asked}]`);
  return [known(element, whole)];
};

const transpose: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const order = intsOf(call.node, "perm") ?? dims.map((_, at) => dims.length - 1 - at);
  if (order.length !== dims.length || new Set(order).size !== order.length) mismatch(call, `[${order}] is no order of its dimensions`);
  return [
    known(
      element,
      order.map((from) => dims[axisOf(call, from, dims.length)] ?? 0),
    ),
  ];
};

const concat: Rule = (call) => {
  const element = common(call);
  const { dims } = input(call, 0);
  const axis = axisOf(call, intOf(call.node, "axis", 0), dims.length);
  let total = 0;
  for (let at = 0; at < call.inputs.length; at++) {
    const part = input(call, at).dims;
    if (part.length !== dims.length || part.some((size, index) => index !== axis && size !== dims[index]))
      mismatch(call, `the parts differ in more than axis ${axis}`);
    total += part[axis] ?? 0;
  }
  return [known(element, replaced(dims, axis, total))];
};

/** Sizes of the parts: as given, or equal ones of which the last may be smaller. */
function partsOf(call: Call, size: number): readonly number[] {
  const { length } = call.node.outputs;
  const given = numbers(call, 1);
  const count = given?.length ?? intOf(call.node, "num_outputs", length);
  if (count !== length) mismatch(call, `${count} parts do not fill ${length} outputs`);
  const each = Math.ceil(size / count);
  return given ?? Array.from({ length }, (_, at) => Math.max(Math.min(each, size - at * each), 0));
}

const split: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = axisOf(call, intOf(call.node, "axis", 0), dims.length);
  const size = dims[axis] ?? 0;
  const parts = partsOf(call, size);
  if (parts.some((part) => part < 0) || parts.reduce((sum, part) => sum + part, 0) !== size)
    mismatch(call, `parts of [${parts}] are not ${size} in all`);
  return parts.map((part) => known(element, replaced(dims, axis, part)));
};

const squeeze: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const asked = numbers(call, 1);
  const axes = asked === undefined ? dims.flatMap((size, at) => (size === 1 ? [at] : [])) : axesOf(call, asked, dims.length);
  if (axes.some((axis) => dims[axis] !== 1)) mismatch(call, `not all of the axes [${axes}] are of size 1`);
  return [
    known(
      element,
      dims.filter((_, at) => !axes.includes(at)),
    ),
  ];
};

const unsqueeze: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const asked = numbers(call, 1) ?? [];
  const axes = axesOf(call, asked, dims.length + asked.length);
  const rest = dims.values();
  const whole = Array.from({ length: dims.length + axes.length }, (_, at) => (axes.includes(at) ? 1 : (rest.next().value ?? 1)));
  return [known(element, whole)];
};

const flatten: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = intOf(call.node, "axis", 1);
  const at = axis === dims.length ? axis : axisOf(call, axis, dims.length);
  return [known(element, [sizeOf(dims.slice(0, at)), sizeOf(dims.slice(at))])];
};

/** A shape that a constant input gives. */
export function shapeOf(call: Call, at: number): readonly number[] {
  const shape = numbers(call, at) ?? mismatch(call, `input ${at} is missing`);
  if (shape.some((size) => !(Number.isInteger(size) && size >= 0))) mismatch(call, `the shape [${shape}] is not possible`);
  return shape;
}

const expand: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [known(element, broadcastOf(call, [dims, shapeOf(call, 1)]))];
};

const tile: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const repeats = shapeOf(call, 1);
  if (repeats.length !== dims.length) mismatch(call, `${repeats.length} repeats do not go with ${dims.length} dimensions`);
  return [
    known(
      element,
      dims.map((size, at) => size * (repeats[at] ?? 1)),
    ),
  ];
};

const pad: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axes = (numbers(call, 3) ?? dims.keys().toArray()).map((axis) => axisOf(call, axis, dims.length));
  const pads = numbers(call, 1) ?? [];
  if (pads.length !== 2 * axes.length) mismatch(call, `${pads.length} pads are not two for each of ${axes.length} axes`);
  const whole = [...dims];
  for (const [at, axis] of axes.entries()) whole[axis] = (whole[axis] ?? 0) + (pads[at] ?? 0) + (pads[at + axes.length] ?? 0);
  if (whole.some((size) => size < 0)) mismatch(call, `pads of [${pads}] take away more than is there`);
  return [known(element, whole)];
};

const centerCropPad: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axes = (intsOf(call.node, "axes") ?? dims.keys().toArray()).map((axis) => axisOf(call, axis, dims.length));
  const shape = shapeOf(call, 1);
  if (shape.length !== axes.length) mismatch(call, `${shape.length} sizes do not go with ${axes.length} axes`);
  return [
    known(
      element,
      axes.reduce((whole, axis, at) => replaced(whole, axis, shape[at] ?? 0), dims),
    ),
  ];
};

const imageOf = (call: Call) => {
  const value = input(call, 0);
  const block = intOf(call.node, "blocksize", 1);
  if (rank(value) !== 4 || block < 1) mismatch(call, "its input is of 4 dimensions, its blocks of at least 1");
  return { element: value.element, batch: dim(value, 0), channels: dim(value, 1), height: dim(value, 2), width: dim(value, 3), block };
};

const depthToSpace: Rule = (call) => {
  const { element, batch, channels, height, width, block } = imageOf(call);
  if (channels % (block * block) !== 0) mismatch(call, `${channels} channels are not divided by ${block} x ${block}`);
  return [known(element, [batch, channels / (block * block), height * block, width * block])];
};

const spaceToDepth: Rule = (call) => {
  const { element, batch, channels, height, width, block } = imageOf(call);
  if (height % block !== 0 || width % block !== 0) mismatch(call, `${height} x ${width} is not divided by ${block}`);
  return [known(element, [batch, channels * block * block, height / block, width / block])];
};

const reverseSequence: Rule = (call) => {
  const { element, dims } = input(call, 0);
  if (!sameDims(input(call, 1).dims, [dims[intOf(call.node, "batch_axis", 1)] ?? 0]))
    mismatch(call, "there is not one length for each sequence");
  return [known(element, dims)];
};

export const layout: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  CenterCropPad: centerCropPad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  ReverseSequence: reverseSequence,
};
