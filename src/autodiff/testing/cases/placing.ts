import { constant, float } from "../../../onnx/index.ts";
import type { Attributes } from "../../pullback.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Given } from "../sampler.ts";

const affine =
  (axes: 2 | 3, align_corners: 0 | 1): CaseMaker =>
  (s) => {
    const [rows, sizes] = [s.whole(1, 3), Array.from({ length: axes }, () => s.whole(1 + align_corners, 4))];
    return { op: "AffineGrid", attributes: { align_corners }, inputs: [s.real([rows, axes, axes + 1]), s.ints([rows, 2, ...sizes])] };
  };

/** At places away from the middles of pixels, where the slope by a place jumps. */
const sampled =
  (attributes: Attributes, axes = 2): CaseMaker =>
  (s) => {
    const size = s.whole(2, 4);
    const [rows, channels, outputs] = [s.whole(1, 2), s.whole(1, 2), Array.from({ length: axes }, () => s.whole(1, 3))];
    const isAligned = attributes.align_corners === 1;
    const place = () => {
      const pixel = s.whole(-2, size) + 0.1 + 0.3 * s.random.uniform();
      return isAligned ? (2 * pixel) / (size - 1) - 1 : (2 * pixel + 1) / size - 1;
    };
    const dims = [rows, ...outputs, axes];
    const values = Float64Array.from({ length: dims.reduce((a, b) => a * b) }, () => Math.fround(place()));
    const grid: Given = { value: constant("float64", dims, values), wanted: attributes.mode !== "nearest" };
    return { op: "GridSample", attributes, inputs: [s.real([rows, channels, ...Array.from({ length: axes }, () => size)]), grid] };
  };

const transformed =
  (attributes: Attributes, parts: 1 | 2, axis?: number): CaseMaker =>
  (s) => {
    const [rows, length, more] = [s.whole(1, 2), s.whole(2, 5), s.whole(1, 3)];
    const asked = s.random.uniform() < 0.5 ? null : s.ints([s.whole(2, 6)], []);
    return {
      op: "DFT",
      attributes,
      inputs: [s.real([rows, length, more, parts]), asked, ...(axis === undefined ? [] : [s.ints([axis], [])])],
    };
  };

const framed =
  (onesided: 0 | 1): CaseMaker =>
  (s) => {
    const [rows, long, step] = [s.whole(1, 2), s.whole(2, 4), s.whole(1, 3)];
    const window = Array.from({ length: long }, () => s.random.uniform());
    const inputs = [s.real([rows, long + s.whole(2, 6), 1]), s.ints([step], []), s.fixed([long], window), s.ints([long], [])];
    return { op: "STFT", attributes: { onesided }, inputs };
  };

export const placingCases: Readonly<Record<string, readonly CaseMaker[]>> = {
  AffineGrid: [affine(2, 0), affine(2, 1), affine(3, 0), affine(3, 1)],
  GridSample: [
    ...["zeros", "border", "reflection"].flatMap((padding_mode) =>
      [0, 1].map((align_corners) => sampled({ mode: "linear", padding_mode, align_corners })),
    ),
    sampled({ mode: "nearest" }),
    sampled({ mode: "nearest", padding_mode: "reflection", align_corners: 1 }),
    sampled({ mode: "linear" }, 3),
  ],
  DFT: [transformed({}, 1), transformed({}, 2, 1), transformed({ onesided: 1 }, 1, 1), transformed({ inverse: 1 }, 2, -2)],
  STFT: [framed(1), framed(0)],
  Col2Im: [0, 1].map(
    (more): CaseMaker =>
      (s) => {
        const block = [s.whole(1, 3), s.whole(1, 3)];
        const strides = [s.whole(1, 2), s.whole(1, 2)];
        const dilations = [s.whole(1, 1 + more), s.whole(1, 1 + more)];
        const pads = block.concat(block).map((length) => (more === 1 ? s.whole(0, length - 1) : 0));
        const image = block.map((length, at) => (length - 1) * (dilations[at] ?? 1) + 1 + s.whole(0, 3));
        const counts = image.map(
          (size, at) =>
            Math.floor(
              (size + (pads[at] ?? 0) + (pads[at + 2] ?? 0) - ((block[at] ?? 1) - 1) * (dilations[at] ?? 1) - 1) / (strides[at] ?? 1),
            ) + 1,
        );
        const [cells = 1, places = 1] = [block, counts].map((list) => list.reduce((a, b) => a * b));
        return {
          op: "Col2Im",
          attributes: { strides, dilations, pads },
          inputs: [s.real([s.whole(1, 2), s.whole(1, 2) * cells, places]), s.ints(image), s.ints(block)],
        };
      },
  ),
  MaxUnpool: [
    (s) => {
      const [height, width] = [s.whole(1, 3), s.whole(1, 3)];
      const places = Array.from(
        { length: height * width },
        (_, at) => 2 * Math.floor(at / width) * (2 * width) + 2 * (at % width) + s.whole(0, 1),
      );
      return {
        op: "MaxUnpool",
        attributes: { kernel_shape: [2, 2], strides: [2, 2] },
        inputs: [s.real([1, 1, height, width]), s.ints(places, [1, 1, height, width])],
      };
    },
  ],
  Compress: [0, -1, undefined].map(
    (axis): CaseMaker =>
      (s) => {
        const dims = s.dims(2);
        const length = axis === undefined ? dims.reduce((a, b) => a * b) : (dims.at(axis) ?? 1);
        const chosen = Uint8Array.from({ length }, (_, at) => (at === 0 || s.random.uniform() < 0.5 ? 1 : 0));
        return {
          op: "Compress",
          attributes: axis === undefined ? {} : { axis },
          inputs: [s.real(dims), { value: constant("bool", [length], chosen), wanted: false }],
        };
      },
  ),
  CenterCropPad: [
    (s) => ({ op: "CenterCropPad", inputs: [s.real(s.dims(3)), s.ints([s.whole(1, 6), s.whole(1, 6), s.whole(1, 6)])] }),
    (s) => ({ op: "CenterCropPad", attributes: { axes: [-1, 0] }, inputs: [s.real(s.dims(3)), s.ints([s.whole(1, 6), s.whole(1, 6)])] }),
  ],
  Dropout: [(s) => ({ op: "Dropout", inputs: [s.real(s.dims(2)), s.fixed([], [0.5])], outputs: 2 })],
  LayerNormalization: [
    (s) => {
      const dims = [s.whole(1, 3), s.whole(1, 3), s.whole(3, 4)];
      return {
        op: "LayerNormalization",
        attributes: { epsilon: float(0.1) },
        inputs: [s.real(dims), s.real(dims.slice(2)), s.real(dims.slice(2))],
        outputs: 3,
        narrow: true,
      };
    },
  ],
};
