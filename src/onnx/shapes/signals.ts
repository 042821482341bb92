import { intOf, intsOf } from "../attributes.ts";
import { axisOf, type Call, dim, elementNamed, input, known, mismatch, number, ofRank, type Rule, rank } from "./call.ts";
import { replaced } from "./dims.ts";
import { typed } from "./elementwise.ts";

/** A whole number that an input gives. */
function count(call: Call, at: number): number {
  const value = number(call, at) ?? mismatch(call, `input ${at} is missing`);
  return Number.isSafeInteger(value) && value >= 0 ? value : mismatch(call, `${value} is no size`);
}

/** Frequencies of a transform of that many points; half of them say everything of a real signal. */
const frequencies = (call: Call, points: number, fallback: number) =>
  intOf(call.node, "onesided", fallback) === 0 ? points : Math.floor(points / 2) + 1;

/** Half of the frequencies, turned back, give a real signal. */
const dft: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const axis = axisOf(call, number(call, 2) ?? -2, dims.length);
  const size = dims[axis] ?? 0;
  const isReal = intOf(call.node, "inverse", 0) !== 0 && intOf(call.node, "onesided", 0) !== 0;
  const points = call.inputs[1] === undefined ? (isReal ? 2 * (size - 1) : size) : count(call, 1);
  const made = isReal ? points : frequencies(call, points, 0);
  return [known(element, replaced(replaced(dims, axis, made), dims.length - 1, isReal ? 1 : 2))];
};

const stft: Rule = (call) => {
  const signal = input(call, 0);
  const length = call.inputs[3] === undefined ? (call.inputs[2]?.dims[0] ?? mismatch(call, "it has no frame length")) : count(call, 3);
  const frames = Math.floor((dim(signal, 1) - length) / count(call, 1)) + 1;
  if (!(frames >= 0)) mismatch(call, `frames of ${length} do not fit`);
  return [known(signal.element, [dim(signal, 0), frames, frequencies(call, length, 1), 2])];
};

const weighting: Rule = (call) => [known(elementNamed(call, "output_datatype") ?? "float32", [count(call, 0)])];

const melWeights: Rule = (call) => [
  known(elementNamed(call, "output_datatype") ?? "float32", [Math.floor(count(call, 1) / 2) + 1, count(call, 0)]),
];

const random: Rule = (call) => [
  known(elementNamed(call, "dtype") ?? "float32", intsOf(call.node, "shape") ?? mismatch(call, "its shape is missing")),
];

const multinomial: Rule = (call) => [
  known(elementNamed(call, "dtype") ?? "int32", [dim(ofRank(call, 0, 2), 0), intOf(call.node, "sample_size", 1)]),
];

const dropout: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [known(element, dims), known("bool", dims)];
};

export const signals: Readonly<Record<string, Rule>> = {
  DFT: dft,
  STFT: stft,
  BlackmanWindow: weighting,
  HammingWindow: weighting,
  HannWindow: weighting,
  MelWeightMatrix: melWeights,
  RandomNormal: random,
  RandomUniform: random,
  RandomNormalLike: typed("dtype"),
  RandomUniformLike: typed("dtype"),
  Bernoulli: typed("dtype"),
  Multinomial: multinomial,
  Dropout: dropout,
  RotaryEmbedding: (call) => {
    const value = input(call, 0);
    if (rank(value) !== 3 && rank(value) !== 4) mismatch(call, "its input is of 3 or 4 dimensions");
    return [known(value.element, value.dims)];
  },
};
