import { intsOf } from "../../onnx/index.ts";
import type { Maths } from "../maths.ts";
import type { Value } from "../pullback.ts";
import { type Row, row } from "./rows.ts";
import { convolved, cropped, spreadOut, type Windows, windowsOf } from "./windows.ts";

/** Operators that see an image through windows with weights, of one spatial axis or more. */
export const convolution = {
  Conv: row((given) => {
    const { m, x, b: w, dy, pulled, int } = given;
    const windows = windowsOf(given.node, spatial(m, w), spatial(m, x), spatial(m, dy));
    const group = int("group", 1);
    return [
      pulled.wants[0] === true ? imageGradient(given, windows, group) : null,
      pulled.wants[1] === true ? weightGradient(given, { image: x, seen: dy, weight: w }, windows, group) : null,
      biasGradient(given),
    ];
  }),
  ConvTranspose: row((given) => {
    const { m, x, b: w, dy, pulled, int, node } = given;
    const extra = intsOf(node, "output_padding");
    const windows = windowsOf(node, spatial(m, w), spatial(m, dy), spatial(m, x), extra);
    const group = int("group", 1);
    const { build } = pulled;
    return [
      pulled.wants[0] === true ? cropped(build, convolved(build, dy, w, windows, group), spatial(m, x)) : null,
      pulled.wants[1] === true ? weightGradient(given, { image: dy, seen: x, weight: w }, windows, group) : null,
      biasGradient(given),
    ];
  }),
};

const spatial = (m: Maths, value: Value) => m.dims(value).slice(2);

function biasGradient({ m, node, dy }: Row): Value | null {
  const bias = node.inputs[2] ?? "";
  if (bias === "") return null;
  const axes = m.dims(dy).flatMap((_, at) => (at === 1 ? [] : [at]));
  return m.reshape(m.sum(dy, ...axes), m.dims(bias));
}

/** With a stride of 1, an ordinary convolution with turned weights is faster than its transposed, save for few channels that all see each other. */
function imageGradient(given: Row, windows: Windows, group: number): Value {
  const { m, pulled, dy, x, b: w } = given;
  const { kernel, strides, dilations, before, after } = windows;
  const turned = kernel.map((size, at) => (size - 1) * (dilations[at] ?? 1));
  const [left, right] = [before, after].map((widths) => turned.map((reach, at) => reach - (widths[at] ?? 0)));
  const fits = [...(left ?? []), ...(right ?? [])].every((width) => width >= 0) && strides.every((stride) => stride === 1);
  if (!fits || (group === 1 && (m.dims(x)[1] ?? 0) < fewChannels)) return spreadOut(pulled.build, dy, w, windows, group);
  const over: Windows = { ...windows, before: left ?? [], after: right ?? [] };
  return convolved(pulled.build, dy, turnedWeights(given, group), over, group);
}

/** Measured: below it, ConvTranspose was no slower. */
const fewChannels = 16;

/** [out, in / groups, ...] becomes [in, out / groups, ...], and each kernel is turned round. */
function turnedWeights({ m, pulled, b: w }: Row, group: number): Value {
  const [out = 1, inner = 1, ...kernel] = m.dims(w);
  const grouped = m.reshape(w, [group, out / group, inner, ...kernel]);
  const swapped = m.transpose(grouped, [0, 2, 1, ...kernel.map((_, at) => at + 3)]);
  const whole = m.reshape(swapped, [group * inner, out / group, ...kernel]);
  const axes = kernel.flatMap((size, at) => (size === 1 ? [] : [at + 2]));
  if (axes.length === 0) return whole;
  const { build } = pulled;
  const [last, first] = [axes.map(() => -1), axes.map((axis) => -(kernel[axis - 2] ?? 1) - 1)];
  return build.add("Slice", [whole, build.ints(...last), build.ints(...first), build.ints(...axes), build.ints(...last)]);
}

interface Seen {
  readonly image: Value;
  /** One number for each window, in as many channels as the weight has rows. */
  readonly seen: Value;
  readonly weight: Value;
}

/** Each weight saw the image at the windows' steps: a convolution of the image by what was seen, channels and batch exchanged, strides and dilations too. */
function weightGradient({ m, pulled }: Row, { image, seen, weight }: Seen, windows: Windows, group: number): Value {
  const [batch = 1, channels = 1, ...size] = m.dims(image);
  const places = size.map((_, at) => at + 3);
  const apart = m.transpose(m.reshape(image, [batch, group, channels / group, ...size]), [2, 1, 0, ...places]);
  const images = m.reshape(apart, [channels / group, group * batch, ...size]);
  const swapped = (value: Value) => m.transpose(value, [1, 0, ...size.map((_, at) => at + 2)]);
  const over = { ...windows, strides: windows.dilations, dilations: windows.strides };
  const made = convolved(pulled.build, images, swapped(seen), over, group);
  return swapped(cropped(pulled.build, made, spatial(m, weight)));
}
