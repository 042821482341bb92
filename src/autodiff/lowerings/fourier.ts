import { intOf } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import { wholeNumbers } from "../numbers.ts";
import type { Builder, Value } from "../pullback.ts";
import { positive } from "../pullbacks/shaping.ts";
import type { Lowering } from "./lowering.ts";

/** Longer signals would need matrices of more than 16 million numbers. */
const longest = 4096;

/** Fourier transforms as products with matrices of sines and cosines. */
export const fourier: Readonly<Record<string, Lowering>> = {
  DFT: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", length = "", axis = ""] = node.inputs;
    const rank = m.dims(x).length;
    const at = positive(numberOf(build, axis) ?? -2, rank);
    const asked = length === "" ? (m.dims(x)[at] ?? 0) : numberOf(build, length);
    const [isInverse, isHalf] = [intOf(node, "inverse", 0) !== 0, intOf(node, "onesided", 0) !== 0];
    if ((axis !== "" && numberOf(build, axis) === undefined) || asked === undefined || asked > longest || (isInverse && isHalf))
      return null;
    const last = m.dims(x).map((_, place) => (place === at ? rank - 2 : place === rank - 2 ? at : place));
    const turned = m.transpose(x, last); // the axis before the parts
    return [m.transpose(transformed(build, turned, asked, isHalf, isInverse), last)];
  },
  STFT: ({ node, build }) => {
    const m = mathsOf(build);
    const [signal = "", step = "", window = "", length = ""] = node.inputs;
    const every = numberOf(build, step);
    const long = length === "" ? m.dims(window)[0] : numberOf(build, length);
    if (every === undefined || long === undefined || long > longest) return null;
    const [rows = 1, total = 0, parts = 1] = m.dims(signal);
    if (parts !== 1) return null; // onnxruntime's answers for complex signals are not the standard's
    const count = Math.floor((total - long) / every) + 1;
    const places = BigInt64Array.from({ length: count * long }, (_, at) => BigInt(Math.floor(at / long) * every + (at % long)));
    const frames = build.add("Gather", [m.reshape(signal, [rows, total, 1]), build.constant(places, [count, long])], { axis: 1 });
    const weighed = window === "" ? frames : m.mul(frames, m.reshape(window, [long, 1]));
    return [transformed(build, weighed, long, intOf(node, "onesided", 1) !== 0, false)];
  },
};

function numberOf(build: Builder, value: Value): number | undefined {
  const found = value === "" ? undefined : build.known(value).constant;
  return found === undefined ? undefined : wholeNumbers(found)[0];
}

/** Of [..., places, 1 or 2 parts] along the places, cut or filled with zeros to `length`: [..., frequencies, 2]. */
function transformed(build: Builder, x: Value, length: number, isHalf: boolean, isInverse: boolean): Value {
  const m = mathsOf(build);
  const dims = m.dims(x);
  const [from = 0, parts = 1] = dims.slice(-2);
  const count = isHalf ? Math.floor(length / 2) + 1 : length;
  const table = (wave: (angle: number) => number) => {
    const values = new Float64Array(from * count);
    const scale = isInverse ? 1 / length : 1;
    for (let at = 0; at < Math.min(from, length); at++)
      for (let k = 0; k < count; k++) values[at * count + k] = wave((2 * Math.PI * ((at * k) % length)) / length) * scale;
    return build.constant(values, [from, count], build.known(x).element);
  };
  const [cosines, sines] = [table(Math.cos), table((angle) => (isInverse ? Math.sin(angle) : -Math.sin(angle)))];
  const split = parts === 1 ? [x] : build.addMany("Split", [x, build.ints(1, 1)], 2, { axis: dims.length - 1 });
  const [real = "", imaginary] = split.map((part) => m.reshape(part, dims.slice(0, -1)));
  const times = (part: Value, by: Value) => build.add("MatMul", [part, by]);
  const re = imaginary === undefined ? times(real, cosines) : m.sub(times(real, cosines), times(imaginary, sines));
  const im = imaginary === undefined ? times(real, sines) : m.add(times(real, sines), times(imaginary, cosines));
  const apart = [re, im].map((part) => m.reshape(part, [...dims.slice(0, -2), count, 1]));
  return build.add("Concat", apart, { axis: dims.length - 1 });
}
