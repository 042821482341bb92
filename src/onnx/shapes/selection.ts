import { intOf } from "../attributes.ts";
import { axisOf, type Call, common, input, known, mismatch, number, numbers, type Rule, rank, Shapeless, unknown } from "./call.ts";
import { replaced, sameDims } from "./dims.ts";
import { same } from "./elementwise.ts";

/** Where a slice of one axis starts, how it goes on, and how many it takes. */
export interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

const clamped = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** The largest int32 and int64 stand for "to the end", also backwards: so onnxruntime has it. */
const isOpenEnd = (end: number) => end === 2 ** 31 - 1 || end === 2 ** 63;

function cutOf(size: number, axis: number, start: number, end: number, step: number): Cut {
  const back = step < 0 ? 1 : 0;
  const from = clamped(start < 0 ? start + size : start, 0, size - back);
  const to = isOpenEnd(end) && back ? -1 : clamped(end < 0 ? end + size : end, -back, size);
  return { axis, start: from, step, count: Math.max(Math.ceil((to - from) / step), 0) };
}

/** What a Slice takes of each axis that it names. */
export function cutsOf(call: Call): readonly Cut[] {
  const { dims } = input(call, 0);
  const [starts = [], ends = []] = [numbers(call, 1), numbers(call, 2)];
  const axes = (numbers(call, 3) ?? starts.keys().toArray()).map((axis) => axisOf(call, axis, dims.length));
  const steps = numbers(call, 4) ?? axes.map(() => 1);
  if ([starts, ends, steps].some(({ length }) => length !== axes.length))
    mismatch(call, "there is not one start, end and step for each axis");
  if (new Set(axes).size !== axes.length) mismatch(call, `the axes [${axes}] name one twice`);
  if (steps.includes(0)) mismatch(call, "a step is 0");
  return axes.map((axis, at) => cutOf(dims[axis] ?? 0, axis, starts[at] ?? 0, ends[at] ?? 0, steps[at] ?? 1));
}

const slice: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [
    known(
      element,
      cutsOf(call).reduce((whole, { axis, count }) => replaced(whole, axis, count), dims),
    ),
  ];
};

function indices(call: Call, at: number): readonly number[] {
  const { element, dims } = input(call, at);
  if (element !== "int64" && element !== "int32") mismatch(call, `${element} are no indices`);
  return dims;
}

const gather: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = axisOf(call, intOf(call.node, "axis", 0), dims.length);
  return [known(element, [...dims.slice(0, axis), ...indices(call, 1), ...dims.slice(axis + 1)])];
};

const gatherElements: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const asked = indices(call, 1);
  const axis = axisOf(call, intOf(call.node, "axis", 0), dims.length);
  if (asked.length !== dims.length || asked.some((size, at) => at !== axis && size > (dims[at] ?? 0)))
    mismatch(call, "the indices do not fit the data");
  return [known(element, asked)];
};

const gatherNd: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const asked = indices(call, 1);
  const batch = intOf(call.node, "batch_dims", 0);
  const depth = asked.at(-1) ?? mismatch(call, "the indices are of at least 1 dimension");
  if (batch < 0 || batch + depth > dims.length || !sameDims(asked.slice(0, batch), dims.slice(0, batch)))
    mismatch(call, "the indices do not fit the data");
  return [known(element, [...asked.slice(0, -1), ...dims.slice(batch + depth)])];
};

/** Whether where to scatter, or what, has no known shape; the output's is the data's all the same. */
const isOpen = (call: Call) => call.inputs.some((value) => value instanceof Shapeless);

const scatterElements: Rule = (call) => {
  if (isOpen(call)) return same(call);
  const { element, dims } = input(call, 0);
  const asked = indices(call, 1);
  const updates = input(call, 2);
  axisOf(call, intOf(call.node, "axis", 0), dims.length);
  if (updates.element !== element || asked.length !== dims.length || !sameDims(updates.dims, asked))
    mismatch(call, "the updates do not fit");
  return [known(element, dims)];
};

const scatterNd: Rule = (call) => {
  if (isOpen(call)) return same(call);
  const { element, dims } = input(call, 0);
  const asked = indices(call, 1);
  const depth = asked.at(-1) ?? mismatch(call, "the indices are of at least 1 dimension");
  const updates = input(call, 2);
  const wanted = [...asked.slice(0, -1), ...dims.slice(depth)];
  if (depth > dims.length || updates.element !== element || !sameDims(updates.dims, wanted))
    mismatch(call, `the updates are not of shape [${wanted}]`);
  return [known(element, dims)];
};

const topK: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = axisOf(call, intOf(call.node, "axis", -1), dims.length);
  const count = number(call, 1) ?? mismatch(call, "K is missing");
  if (!(count >= 0 && count <= (dims[axis] ?? 0))) mismatch(call, `${count} are not among ${dims[axis]}`);
  const whole = replaced(dims, axis, count);
  return [known(element, whole), known("int64", whole)];
};

const oneHot: Rule = (call) => {
  const { dims } = input(call, 0);
  const depth = number(call, 1) ?? mismatch(call, "the depth is missing");
  if (!(depth >= 0)) mismatch(call, `a depth of ${depth} is not possible`);
  return [known(input(call, 2).element, dims.toSpliced(axisOf(call, intOf(call.node, "axis", -1), dims.length + 1), 0, depth))];
};

const nonZero: Rule = (call) => {
  const { dims } = input(call, 0);
  const count = (numbers(call, 0) ?? []).filter((value) => value !== 0).length;
  return [known("int64", [Math.max(dims.length, 1), count])];
};

const compress: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = intOf(call.node, "axis");
  const count = (numbers(call, 1) ?? []).filter((value) => value !== 0).length;
  return [known(element, axis === undefined ? [count] : replaced(dims, axisOf(call, axis, dims.length), count))];
};

const unique: Rule = (call) => unknown(call, "how many different values there are is known in a run alone");

const selected: Rule = (call) => unknown(call, "how many boxes are selected is known in a run alone");

const cumulative: Rule = (call) => {
  if (rank(input(call, 1)) > 1) mismatch(call, "the axis is one number");
  const axis = call.inputs[1]?.constant === undefined ? undefined : number(call, 1);
  if (axis !== undefined) axisOf(call, axis, rank(input(call, 0)));
  return same(call);
};

const tensorScatter: Rule = (call) => {
  common(call, 0, 2);
  if (rank(input(call, 0)) !== rank(input(call, 1))) mismatch(call, "the update is not of as many dimensions as the cache");
  return same(call);
};

export const selection: Readonly<Record<string, Rule>> = {
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  TensorScatter: tensorScatter,
  TopK: topK,
  OneHot: oneHot,
  NonZero: nonZero,
  Compress: compress,
  Unique: unique,
  NonMaxSuppression: selected,
  CumSum: cumulative,
  CumProd: cumulative,
};
