import { float, floatOf, intOf, intsOf } from "../../onnx/index.ts";
import { type Maths, mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";
import { positive } from "../pullbacks/shaping.ts";
import type { Lowering } from "./lowering.ts";

/** Normalisations by others of which the gradient is written, and norms. */
export const normalised: Readonly<Record<string, Lowering>> = {
  InstanceNormalization: ({ node, build }) => {
    const [x = ""] = node.inputs;
    return inGroups(build, node.inputs, build.known(x).dims[1] ?? 1, floatOf(node, "epsilon", 1e-5));
  },
  GroupNormalization: ({ node, build }) => inGroups(build, node.inputs, intOf(node, "num_groups", 1), floatOf(node, "epsilon", 1e-5)),
  MeanVarianceNormalization: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = ""] = node.inputs;
    const axes = build.ints(...(intsOf(node, "axes") ?? [0, 2, 3]));
    const mean = (value: Value) => build.add("ReduceMean", [value, axes], { keepdims: 1 });
    const centred = m.sub(x, mean(x));
    return [m.div(centred, m.add(m.of("Sqrt", mean(m.mul(centred, centred))), 1e-9))];
  },
  LpNormalization: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = ""] = node.inputs;
    const axis = build.ints(positive(intOf(node, "axis", -1), m.dims(x).length));
    const norm = build.add(intOf(node, "p", 2) === 1 ? "ReduceL1" : "ReduceL2", [x, axis], { keepdims: 1 });
    return [m.div(x, m.where(m.compare("Equal", norm, 0), 1, norm))];
  },
  GlobalLpPool: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = ""] = node.inputs;
    const axes = m.dims(x).flatMap((_, at) => (at < 2 ? [] : [at]));
    const p = intOf(node, "p", 2);
    if (p <= 2) return [build.add(p === 1 ? "ReduceL1" : "ReduceL2", [x, build.ints(...axes)], { keepdims: 1 })];
    return [m.pow(m.sum(m.pow(m.of("Abs", x), p), ...axes), 1 / p)];
  },
  LRN: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = ""] = node.inputs;
    const mean = neighbourMean(build, m, m.mul(x, x), intOf(node, "size", 1));
    const base = m.add(m.mul(mean, floatOf(node, "alpha", 1e-4)), floatOf(node, "bias", 1));
    return [m.div(x, m.pow(base, floatOf(node, "beta", 0.75)))];
  },
};

/** Over groups of channels: a layer's normalisation of each, then scale and shift for each channel. */
function inGroups(build: Builder, inputs: readonly Value[], groups: number, epsilon: number): readonly Value[] {
  const m = mathsOf(build);
  const [x = "", scale = "", shift = ""] = inputs;
  const [batch = 1, channels = 1, ...spatial] = m.dims(x);
  const size = spatial.reduce((product, dim) => product * dim, channels / groups);
  const ones = m.expand(build.scalar(1, x), [size]);
  const flat = m.reshape(x, [batch, groups, size]);
  const hat = build.add("LayerNormalization", [flat, ones], { axis: 2, epsilon: float(epsilon) });
  const column = (value: Value) => m.reshape(value, [channels, ...spatial.map(() => 1)]);
  return [m.add(m.mul(m.reshape(hat, m.dims(x)), column(scale)), column(shift))];
}

/** Over the channels near each: what lies beyond them counts as zero. */
function neighbourMean(build: Builder, m: Maths, value: Value, size: number): Value {
  const [batch = 1, channels = 1, ...spatial] = m.dims(value);
  const flat = m.reshape(value, [batch, 1, channels, spatial.reduce((product, dim) => product * dim, 1)]);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const mean = build.add("AveragePool", [flat], { kernel_shape: [size, 1], pads: [before, 0, after, 0], count_include_pad: 1 });
  return m.reshape(mean, m.dims(value));
}
