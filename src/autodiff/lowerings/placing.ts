import { floatOf, intOf, intsOf, type Node } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import { repeated, wholeNumbers } from "../numbers.ts";
import type { Builder } from "../pullback.ts";
import { positive } from "../pullbacks/shaping.ts";
import { spreadOut, windowsOf } from "../pullbacks/windows.ts";
import type { Lowering } from "./lowering.ts";

/** Operators that put numbers into other places. */
export const placing: Readonly<Record<string, Lowering>> = {
  /** A transposed convolution, in which each number of a block goes to its own place. */
  Col2Im: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", image = "", block = ""] = node.inputs;
    const [size, kernel] = [image, block].map((name) => build.known(name).constant && wholeNumbers(build.known(name).constant!));
    if (size === undefined || kernel === undefined) return null;
    const [rows = 1, width = 1] = m.dims(x);
    const cells = kernel.reduce((product, length) => product * length, 1);
    const strides = intsOf(node, "strides") ?? kernel.map(() => 1);
    const [dilations, pads] = [
      intsOf(node, "dilations") ?? kernel.map(() => 1),
      intsOf(node, "pads") ?? [...kernel, ...kernel].map(() => 0),
    ];
    const counts = size.map((length, at) => {
      const room = length + (pads[at] ?? 0) + (pads[at + size.length] ?? 0) - ((kernel[at] ?? 1) - 1) * (dilations[at] ?? 1) - 1;
      return Math.floor(room / (strides[at] ?? 1)) + 1;
    });
    const apart = m.reshape(x, [(rows * width) / cells, cells, ...counts]);
    const own = build.constant(Float64Array.from({ length: cells * cells }, (_, at) => (at % (cells + 1) === 0 ? 1 : 0)), [cells, 1, ...kernel], build.known(x).element); // biome-ignore format: one call
    return [m.reshape(spreadOut(build, apart, own, windowsOf(node, kernel, size, counts), 1), [rows, width / cells, ...size])];
  },
  MaxUnpool: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", places = "", shape = ""] = node.inputs;
    const dims = m.dims(node.outputs[0] ?? "");
    if (shape !== "") return null;
    const count = (of: readonly number[]) => of.reduce((product, dim) => product * dim, 1);
    const [values, at] = [x, places].map((value) => m.reshape(value, [count(m.dims(x))]));
    return [m.reshape(build.add("ScatterElements", [m.zeros([count(dims)], x), at ?? "", values ?? ""], { axis: 0 }), dims)];
  },
  Compress: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", chosen = ""] = node.inputs;
    const { constant } = build.known(chosen);
    if (constant === undefined) return null;
    const axis = intOf(node, "axis");
    const at = wholeNumbers(constant).flatMap((value, place) => (value === 0 ? [] : [place]));
    const of = axis === undefined ? m.reshape(x, [m.dims(x).reduce((product, dim) => product * dim, 1)]) : x;
    return [build.add("Gather", [of, build.ints(...at)], { axis: axis === undefined ? 0 : positive(axis, m.dims(x).length) })];
  },
  /** The middle of each axis, or the axis in the middle of zeros. */
  CenterCropPad: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", shape = ""] = node.inputs;
    const { constant } = build.known(shape);
    if (constant === undefined) return null;
    const dims = m.dims(x);
    const axes = (intsOf(node, "axes") ?? [...dims.keys()]).map((axis) => positive(axis, dims.length));
    const extra = dims.map((dim, axis) => (axes.includes(axis) ? (wholeNumbers(constant)[axes.indexOf(axis)] ?? dim) - dim : 0));
    const before = extra.map((width) => (width < 0 ? -Math.floor(-width / 2) : Math.floor(width / 2)));
    return [build.add("Pad", [x, build.ints(...before, ...extra.map((width, at) => width - (before[at] ?? 0)))])];
  },
  /** At inference nothing is dropped. In training it is a product with what it makes of ones. */
  Dropout: ({ node, build }) => {
    const [x = "", ratio = "", training = ""] = node.inputs;
    const { dims, element } = build.known(x);
    const isOff = training === "" || build.known(training).constant?.values[0] === 0;
    const count = dims.reduce((product, dim) => product * dim, 1);
    if (!isOff) {
      const ones = build.constant(new Float64Array(count).fill(1), dims, element);
      const [factors = "", mask = null] = build.addMany(
        "Dropout",
        [ones, ratio, training],
        node.outputs[1] ? 2 : 1,
        Object.fromEntries(node.attributes),
      );
      return [mathsOf(build).mul(x, factors), mask];
    }
    return [x, node.outputs[1] ? build.constant(new Uint8Array(count).fill(1), dims, "bool") : null];
  },
  /** Without scale and shift, which follow: the way back wants what is then there, and its deviation. With its mean and deviation as outputs, step by step. */
  LayerNormalization: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", scale = "", shift = ""] = node.inputs;
    if (build.known(x).element !== "float32") return null;
    const shifted = (scaled: string) => (shift === "" ? scaled : m.add(scaled, shift));
    if (!node.outputs.slice(1).some(Boolean))
      return intOf(node, "stash_type", 1) === 1 ? [shifted(m.mul(standardised(node, build), scale))] : null;
    const first = positive(intOf(node, "axis", -1), m.dims(x).length);
    const axes = build.ints(...m.dims(x).flatMap((_, at) => (at >= first ? [at] : [])));
    const meanOf = (value: string) => build.add("ReduceMean", [value, axes], { keepdims: 1 });
    const mean = meanOf(x);
    const centred = m.sub(x, mean);
    const inverse = m.div(1, m.of("Sqrt", m.add(meanOf(m.mul(centred, centred)), floatOf(node, "epsilon", 1e-5))));
    const scaled = m.mul(m.mul(centred, inverse), scale);
    return [shifted(scaled), mean, inverse];
  },
};

/** To mean 0 and deviation 1. As rows of a matrix: onnxruntime would take a sum before it in, and is six times slower then. */
function standardised(node: Node, build: Builder): string {
  const m = mathsOf(build);
  const [x = "", scale = ""] = node.inputs;
  const [dims, attributes] = [m.dims(x), Object.fromEntries(node.attributes)];
  const ones = repeated(build.known(scale).constant) === 1 ? scale : m.expand(build.scalar(1, scale), m.dims(scale));
  const isOfRows = m.dims(scale).length === 1 && positive(intOf(node, "axis", -1), dims.length) === dims.length - 1;
  if (!isOfRows) return build.addMany("LayerNormalization", [x, ones], 3, attributes)[0] ?? "";
  const width = dims.at(-1) ?? 1;
  const rows = m.reshape(x, [dims.slice(0, -1).reduce((count, dim) => count * dim, 1), width]);
  const [hat = ""] = build.addMany("LayerNormalization", [rows, ones], 3, { ...attributes, axis: 1 });
  return m.reshape(hat, dims);
}
