import type { Attributes } from "../../pullback.ts";
import type { pooling } from "../../pullbacks/pooling.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Sampler } from "../sampler.ts";

interface Shape {
  readonly axes?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly pads?: boolean;
  /** Windows side by side. */
  readonly tiles?: boolean;
  readonly auto?: string;
  readonly attributes?: Attributes;
}

/** Padding is smaller than the kernel, as the standard asks; with automatic padding no stride is longer than it, which onnxruntime refuses. */
function geometry(s: Sampler, { axes = 2, stride = 2, dilation = 1, pads = false, tiles = false, auto, attributes }: Shape) {
  const each = (make: () => number) => Array.from({ length: axes }, make);
  const kernel = each(() => s.whole(tiles ? 2 : 1, 3));
  const strides = tiles ? kernel : kernel.map((size) => s.whole(1, auto === undefined ? stride : Math.min(stride, size)));
  const dilations = each(() => s.whole(1, dilation));
  const widths = [...kernel, ...kernel].map((size) => (pads ? s.whole(0, size - 1) : 0));
  const sizes = kernel.map((size, at) => (size - 1) * (dilations[at] ?? 1) + 1 + s.whole(0, 4));
  const around = auto === undefined ? { pads: widths } : { auto_pad: auto };
  return { sizes, attributes: { kernel_shape: kernel, strides, ...(dilation > 1 && { dilations }), ...around, ...attributes } };
}

const pool =
  (op: string, values: "distinct" | "real", shape: Shape = {}): CaseMaker =>
  (s) => {
    const { sizes, attributes } = geometry(s, shape);
    const dims = [s.whole(1, 2), s.whole(1, 3), ...sizes];
    return { op, attributes, inputs: [values === "distinct" ? s.distinct(dims) : s.real(dims, { kinks: [0] })] };
  };

const whole =
  (op: string, axes: number): CaseMaker =>
  (s) => ({ op, inputs: [s.distinct(s.dims(axes + 2))] });

const ceil = { ceil_mode: 1 };
const all = { count_include_pad: 1 };
const same = ["SAME_UPPER", "SAME_LOWER", "VALID"];

const max = (shape: Shape) => pool("MaxPool", "distinct", shape);
const mean = (shape: Shape) => pool("AveragePool", "real", shape);
const norm = (shape: Shape) => pool("LpPool", "real", shape);

export const poolingCases: Record<keyof typeof pooling, readonly CaseMaker[]> = {
  MaxPool: [
    max({ tiles: true }),
    max({ tiles: true, axes: 1 }),
    max({ tiles: true, axes: 3 }),
    max({ tiles: true, attributes: ceil }),
    max({}),
    max({ pads: true }),
    max({ pads: true, stride: 3, attributes: ceil }),
    max({ dilation: 3, stride: 3 }),
    max({ axes: 1, pads: true }),
    max({ axes: 3, pads: true }),
    max({ attributes: { storage_order: 1 } }),
    ...same.map((auto) => max({ auto })),
  ],
  AveragePool: [
    mean({ tiles: true }),
    mean({ tiles: true, axes: 1 }),
    mean({ tiles: true, axes: 3 }),
    mean({ tiles: true, attributes: ceil }),
    mean({}),
    mean({ pads: true }),
    mean({ pads: true, attributes: all }),
    mean({ pads: true, stride: 3, attributes: ceil }),
    mean({ pads: true, stride: 3, attributes: { ...ceil, ...all } }),
    mean({ dilation: 2, pads: true }),
    mean({ axes: 1, pads: true }),
    mean({ axes: 3, pads: true }),
    ...same.map((auto) => mean({ auto })),
  ],
  LpPool: [norm({}), norm({ pads: true }), norm({ tiles: true, attributes: { p: 1 } }), norm({ dilation: 2, attributes: { p: 3 } })],
  GlobalAveragePool: [1, 2, 3].map((axes) => whole("GlobalAveragePool", axes)),
  GlobalMaxPool: [1, 2, 3].map((axes) => whole("GlobalMaxPool", axes)),
};
