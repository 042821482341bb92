import { constant } from "../../../onnx/index.ts";
import type { padding } from "../../pullbacks/padding.ts";
import type { shaping } from "../../pullbacks/shaping.ts";
import type { CaseMaker } from "../check-pullback.ts";
import { type Sampler, sizeOf } from "../sampler.ts";

const split =
  (axis: number): CaseMaker =>
  (s) => {
    const lengths = Array.from({ length: s.whole(1, 3) }, () => s.whole(1, 3));
    const dims = s.dims(3);
    dims[axis < 0 ? axis + 3 : axis] = lengths.reduce((a, b) => a + b);
    return { op: "Split", attributes: { axis }, inputs: [s.real(dims), s.ints(lengths)], outputs: lengths.length };
  };

const slice =
  (steps: readonly number[]): CaseMaker =>
  (s) => {
    const dims = steps.map((step) => s.whole(1, 3) + 2 * Math.abs(step));
    const starts = steps.map((step, at) => (step > 0 ? s.whole(-(dims[at] ?? 1) - 1, 1) : s.whole(-2, dims[at] ?? 1)));
    const ends = steps.map((step, at) => (step > 0 ? s.whole(3, (dims[at] ?? 1) + 2) : s.whole(-(dims[at] ?? 1) - 1, -(dims[at] ?? 1))));
    return { op: "Slice", inputs: [s.real([...dims, 2]), s.ints(starts), s.ints(ends), s.ints([...steps.keys()]), s.ints(steps)] };
  };

const shuffled = (s: Sampler, rank: number) => s.random.shuffle(Array.from({ length: rank }, (_, at) => at));

const blocks =
  (mode: string): CaseMaker =>
  (s) => {
    const [size, channels] = [s.whole(1, 3), s.whole(1, 2)];
    const inputs = [s.real([s.whole(1, 2), channels * size * size, s.whole(1, 3), s.whole(1, 3)])];
    return { op: "DepthToSpace", attributes: { blocksize: size, mode }, inputs };
  };

export const shapingCases: Record<keyof typeof shaping, readonly CaseMaker[]> = {
  Reshape: [(s) => ({ op: "Reshape", inputs: [s.real([2, s.whole(1, 3), 3]), s.ints([3, -1, 2])] })],
  Flatten: [0, 1, 2, -1].map((axis) => (s) => ({ op: "Flatten", attributes: { axis }, inputs: [s.real(s.dims(3))] })),
  Squeeze: [(s) => ({ op: "Squeeze", inputs: [s.real([1, s.whole(1, 3), 1]), s.ints([0, -1])] })],
  Unsqueeze: [(s) => ({ op: "Unsqueeze", inputs: [s.real(s.dims(2)), s.ints([0, -1])] })],
  Cast: [
    // The type in between rounds: differences would not see beneath it, so both types are real and wide.
    (s) => ({ op: "Cast", attributes: { to: 11 }, inputs: [s.real(s.dims(2))] }),
  ],
  CastLike: [
    (s) => ({ op: "CastLike", inputs: [s.real(s.dims(2)), { value: constant("float64", [], Float64Array.of(0)), wanted: false }] }),
  ],
  Expand: [
    (s) => {
      const whole = s.dims(3);
      const dims = whole.slice(s.whole(0, 3)).map((dim) => (s.random.uniform() < 0.4 ? 1 : dim));
      return { op: "Expand", inputs: [s.real(dims), s.ints(whole)] };
    },
  ],
  Transpose: [
    (s) => ({ op: "Transpose", inputs: [s.real(s.dims(3))] }),
    (s) => ({ op: "Transpose", attributes: { perm: shuffled(s, 4) }, inputs: [s.real(s.dims(4))] }),
  ],
  Tile: [(s) => ({ op: "Tile", inputs: [s.real(s.dims(3)), s.ints([s.whole(1, 3), s.whole(1, 3), s.whole(1, 3)])] })],
  Concat: [0, 1, -1].map((axis) => (s) => {
    const dims = s.dims(3);
    const inputs = Array.from({ length: s.whole(1, 4) }, () =>
      s.real(dims.map((dim, at) => (at === (axis + 3) % 3 ? s.whole(1, 3) : dim))),
    );
    return { op: "Concat", attributes: { axis }, inputs };
  }),
  Split: [split(0), split(2), split(-2)],
  Slice: [
    slice([1]),
    slice([1, 1]),
    slice([2]),
    slice([3, 2]),
    slice([-1]),
    slice([-2, 1]),
    slice([-3, 2]),
    (s) => ({ op: "Slice", inputs: [s.real([4, 3]), s.ints([1]), s.ints([3])] }),
    (s) => ({ op: "Slice", inputs: [s.real([4, 3]), s.ints([-1]), s.ints([-100]), s.ints([-2]), s.ints([-1])] }),
  ],
  ReverseSequence: [
    (s) => {
      const [time, batch] = [s.whole(1, 4), s.whole(1, 3)];
      const lengths = Array.from({ length: batch }, () => s.whole(1, time));
      return { op: "ReverseSequence", attributes: { time_axis: 0, batch_axis: 1 }, inputs: [s.real([time, batch, 2]), s.ints(lengths)] };
    },
  ],
  Trilu: [
    (s) => ({ op: "Trilu", inputs: [s.real(s.dims(3)), s.ints([s.whole(-2, 2)], [])] }),
    (s) => ({ op: "Trilu", attributes: { upper: 0 }, inputs: [s.real(s.dims(2))] }),
  ],
  DepthToSpace: [blocks("DCR"), blocks("CRD")],
  SpaceToDepth: [
    (s) => {
      const blocksize = s.whole(1, 3);
      const inputs = [s.real([s.whole(1, 2), s.whole(1, 3), blocksize * s.whole(1, 2), blocksize * s.whole(1, 3)])];
      return { op: "SpaceToDepth", attributes: { blocksize }, inputs };
    },
  ],
};

const pad =
  (mode: string, low: number, withValue = false): CaseMaker =>
  (s) => {
    const dims = [s.whole(3, 4), s.whole(1, 2), s.whole(3, 5)];
    const widths = Array.from({ length: 4 }, () => s.whole(low, 2));
    const value = withValue ? [s.real([])] : [null];
    return { op: "Pad", attributes: { mode }, inputs: [s.real(dims), s.ints(widths), ...value, s.ints([0, -1])] };
  };

export const paddingCases: Record<keyof typeof padding, readonly CaseMaker[]> = {
  Pad: [
    pad("constant", 0),
    pad("constant", -1),
    pad("constant", 0, true),
    pad("reflect", 0),
    pad("edge", 0),
    pad("wrap", 0),
    (s) => {
      const dims = s.dims(2);
      return { op: "Pad", inputs: [s.real(dims), s.ints(Array.from({ length: 4 }, () => s.whole(0, sizeOf([2]))))] };
    },
  ],
};
