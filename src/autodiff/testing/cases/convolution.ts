import type { convolution } from "../../pullbacks/convolution.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Sampler } from "../sampler.ts";

interface Shape {
  readonly axes?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly group?: number;
  /** Channels in each group. */
  readonly channels?: number;
  readonly pads?: boolean;
  readonly bias?: boolean;
  readonly auto?: string;
}

/** What all kinds of windows have. */
function geometry(s: Sampler, { axes = 2, stride = 1, dilation = 1, pads = true, auto }: Shape) {
  const each = (make: () => number) => Array.from({ length: axes }, make);
  const kernel = each(() => s.whole(1, 3));
  // Where a stride is longer than a kernel, onnxruntime leaves numbers of a transposed convolution of automatic padding unwritten.
  const strides = kernel.map((size) => s.whole(1, auto === undefined ? stride : Math.min(stride, size)));
  const dilations = each(() => s.whole(1, dilation));
  const widths = [...kernel, ...kernel].map((size, at) => (pads ? s.whole(0, (size - 1) * (dilations[at % axes] ?? 1)) : 0));
  const sizes = kernel.map((size, at) => (size - 1) * (dilations[at] ?? 1) + 1 + s.whole(0, 4));
  return { kernel, sizes, attributes: { strides, dilations, ...(auto === undefined ? { pads: widths } : { auto_pad: auto }) } };
}

const conv =
  (shape: Shape = {}): CaseMaker =>
  (s) => {
    const { kernel, sizes, attributes } = geometry(s, shape);
    const { group = 1, channels = s.whole(1, 3), bias = true } = shape;
    const out = group * s.whole(1, 3);
    const inputs = [s.real([s.whole(1, 3), group * channels, ...sizes]), s.real([out, channels, ...kernel])];
    return { op: "Conv", attributes: { ...attributes, group }, inputs: bias ? [...inputs, s.real([out])] : inputs };
  };

const transposed =
  (shape: Shape & { readonly extra?: boolean; readonly asked?: boolean } = {}): CaseMaker =>
  (s) => {
    const { kernel, sizes, attributes } = geometry(s, shape);
    const { group = 1, channels = s.whole(1, 3), bias = true } = shape;
    const out = s.whole(1, 3);
    const output_padding = attributes.strides.map((stride) => (shape.extra ? s.whole(0, stride - 1) : 0));
    const output_shape = sizes.map((size, at) => (size - 1) * (attributes.strides[at] ?? 1) + s.whole(1, kernel[at] ?? 1));
    const inputs = [s.real([s.whole(1, 3), group * channels, ...sizes]), s.real([group * channels, out, ...kernel])];
    return {
      op: "ConvTranspose",
      attributes: { ...attributes, group, ...(shape.extra && { output_padding }), ...(shape.asked && { output_shape }) },
      inputs: bias ? [...inputs, s.real([group * out])] : inputs,
    };
  };

const same = ["SAME_UPPER", "SAME_LOWER", "VALID"];

export const convolutionCases: Record<keyof typeof convolution, readonly CaseMaker[]> = {
  Conv: [
    conv(),
    conv({ axes: 1, stride: 2, dilation: 2 }),
    conv({ axes: 3, bias: false }),
    conv({ axes: 3, stride: 2, group: 2 }),
    conv({ stride: 3 }),
    conv({ stride: 3, dilation: 3 }),
    conv({ dilation: 2 }),
    conv({ channels: 17 }),
    conv({ channels: 17, dilation: 2 }),
    conv({ group: 3 }),
    conv({ group: 3, channels: 1, stride: 2 }),
    conv({ group: 4, channels: 1 }),
    conv({ auto: "VALID", dilation: 2 }),
    ...same.flatMap((auto) => [conv({ auto }), conv({ auto, stride: 3 }), conv({ auto, axes: 1, stride: 2 })]),
  ],
  ConvTranspose: [
    transposed(),
    transposed({ axes: 1, stride: 2, dilation: 2 }),
    transposed({ axes: 3, bias: false }),
    transposed({ stride: 3, extra: true }),
    transposed({ stride: 3, dilation: 2, extra: true }),
    transposed({ group: 3, stride: 2 }),
    transposed({ pads: false, stride: 2, asked: true }),
    ...same.flatMap((auto) => [transposed({ auto }), transposed({ auto, stride: 3 })]),
    transposed({ auto: "SAME_UPPER", stride: 2, asked: true }),
  ],
};
