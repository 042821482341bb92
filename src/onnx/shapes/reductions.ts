import { intOf, textOf } from "../attributes.ts";
import { axisOf, type Call, common, dim, input, known, mismatch, numbers, ofRank, type Rule, rank } from "./call.ts";
import { broadcastsTo } from "./dims.ts";
import { floating } from "./elementwise.ts";
import { axesOf } from "./layout.ts";

/** The axes that a reduction takes away; undefined when it does nothing. */
export function reducedAxes(call: Call): readonly number[] | undefined {
  const { dims } = input(call, 0);
  const asked = numbers(call, 1) ?? [];
  if (asked.length > 0) return axesOf(call, asked, dims.length);
  return intOf(call.node, "noop_with_empty_axes", 0) === 0 ? dims.keys().toArray() : undefined;
}

export function reducedDims(dims: readonly number[], axes: readonly number[], keep: boolean): readonly number[] {
  return keep ? dims.map((size, at) => (axes.includes(at) ? 1 : size)) : dims.filter((_, at) => !axes.includes(at));
}

const keeps = (call: Call) => intOf(call.node, "keepdims", 1) !== 0;

const reduction: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axes = reducedAxes(call);
  return [known(element, axes === undefined ? dims : reducedDims(dims, axes, keeps(call)))];
};

const argument: Rule = (call) => {
  const { dims } = input(call, 0);
  return [known("int64", reducedDims(dims, [axisOf(call, intOf(call.node, "axis", 0), dims.length)], keeps(call)))];
};

const alongAxis =
  (fallback: number): Rule =>
  (call) => {
    const value = input(call, 0);
    axisOf(call, intOf(call.node, "axis", fallback), rank(value));
    return floating(call);
  };

/** Scores [N, C, ...] and targets [N, ...]. */
function lossDims(call: Call): readonly number[] {
  const [scores, targets] = [input(call, 0), input(call, 1)];
  const wanted = scores.dims.toSpliced(1, 1);
  if (rank(scores) < 2 || targets.dims.join() !== wanted.join()) mismatch(call, `the targets are not of shape [${wanted}]`);
  return textOf(call.node, "reduction", "mean") === "none" ? wanted : [];
}

const loss: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [known(element, lossDims(call)), known(element, dims)];
};

/** Per channel: scale, shift, and mean and variance where there are any. */
const perChannel =
  (least: number): Rule =>
  (call) => {
    const value = input(call, 0);
    if (rank(value) < least) mismatch(call, `its input is of at least ${least} dimensions`);
    const channels = rank(value) < 2 ? 1 : dim(value, 1);
    for (let at = 1; at < call.inputs.length; at++)
      if (dim(ofRank(call, at, 1), 0) !== channels) mismatch(call, `input ${at} is not of ${channels} channels`);
    return [known(value.element, value.dims)];
  };

const batchNormalization: Rule = (call) => {
  const made = perChannel(1)(call);
  const [mean, variance] = [input(call, 3), input(call, 4)];
  return intOf(call.node, "training_mode", 0) === 0
    ? made
    : [...made, known(mean.element, mean.dims), known(variance.element, variance.dims)];
};

/** Y, and the mean and the inverse deviation over the last axes. */
const layerNormalization: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = axisOf(call, intOf(call.node, "axis", -1), dims.length);
  for (const given of call.inputs.slice(1)) {
    if (given !== undefined && !broadcastsTo(given.dims, dims)) mismatch(call, "scale or bias does not broadcast to the input");
  }
  const left = dims.map((size, at) => (at < axis ? size : 1));
  return [known(element, dims), known("float32", left), known("float32", left)];
};

/** Y, and the inverse root of the mean square; onnxruntime's own, of no domain. */
const simplified: Rule = (call) => {
  const [made, deviation] = layerNormalization(call);
  return made && deviation ? [made, deviation] : [];
};

const rmsNormalization: Rule = (call) => {
  const [made] = layerNormalization(call);
  return made === undefined ? [] : [known(input(call, 1).element, made.dims)];
};

const groupNormalization: Rule = (call) => {
  const groups = intOf(call.node, "num_groups", 1);
  if (dim(input(call, 0), 1) % groups !== 0) mismatch(call, `the channels are not divided by ${groups} groups`);
  return perChannel(2)(call);
};

const reduced = ["L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare"];

export const reductions: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(reduced.map((name) => [`Reduce${name}`, reduction])),
  ArgMax: argument,
  ArgMin: argument,
  Softmax: alongAxis(-1),
  LogSoftmax: alongAxis(-1),
  Hardmax: alongAxis(-1),
  LpNormalization: alongAxis(-1),
  MeanVarianceNormalization: floating,
  LRN: floating,
  SoftmaxCrossEntropyLoss: loss,
  NegativeLogLikelihoodLoss: (call) => [known(common(call, 0, 1), lossDims(call))],
  BatchNormalization: batchNormalization,
  InstanceNormalization: perChannel(2),
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  SimplifiedLayerNormalization: simplified,
  RMSNormalization: rmsNormalization,
};
