import { floatOf, intOf, type Node, textOf } from "../../onnx/index.ts";

/** How one axis is resized. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** The factor, in float32. */
  readonly scale: number;
  /** The part that is resized, as shares of the axis: tf_crop_and_resize alone. */
  readonly crop: readonly [number, number];
}

/** What an output place is made of: input places and their weights. */
type Taps = readonly (readonly [place: number, weight: number])[];

const f = Math.fround;

/** Where an output place lies among the inputs, in float32 as onnxruntime computes it. */
const coordinates: Readonly<Record<string, (at: number, axis: Axis) => number>> = {
  half_pixel: (at, { scale }) => f(f(f(at + 0.5) / scale) - 0.5),
  pytorch_half_pixel: (at, { scale, to }) => (to > 1 ? f(f(f(at + 0.5) / scale) - 0.5) : 0),
  half_pixel_symmetric: (at, { scale, from, to }) => f(f(f((from / 2) * f(1 - f(to / f(scale * from)))) + f(f(at + 0.5) / scale)) - 0.5),
  asymmetric: (at, { scale }) => f(at / scale),
  align_corners: (at, { from, to }) => (to > 1 ? f(f(at * (from - 1)) / (to - 1)) : 0),
  tf_half_pixel_for_nn: (at, { scale }) => f(f(at + 0.5) / scale),
  tf_crop_and_resize: (at, { from, to, crop: [start, end] }) =>
    to > 1 ? f(f(start * (from - 1)) + f(f(f(at * f(end - start)) * (from - 1)) / (to - 1))) : f(0.5 * f(f(start + end) * (from - 1))),
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(f(x - 0.5)),
  round_prefer_ceil: (x) => Math.floor(f(x + 0.5)),
  floor: Math.floor,
  ceil: Math.ceil,
};

const clamped = (at: number, from: number) => Math.min(Math.max(at, 0), from - 1);

/** The share of each input place in each output place, as a matrix [to, from] row by row. */
export function interpolation(node: Node, axis: Axis): Float64Array {
  const matrix = new Float64Array(axis.to * axis.from);
  for (let at = 0; at < axis.to; at++)
    for (const [place, weight] of tapsOf(node, axis, at)) {
      const index = at * axis.from + clamped(place, axis.from);
      matrix[index] = (matrix[index] ?? 0) + weight;
    }
  return matrix;
}

/** An axis that keeps its size is not cropped either: onnxruntime reads it so. */
function tapsOf(node: Node, axis: Axis, at: number): Taps {
  const mode = textOf(node, "coordinate_transformation_mode", "half_pixel");
  const x = axis.scale === 1 ? at : (coordinates[mode]?.(at, axis) ?? at);
  if (mode === "tf_crop_and_resize" && (x < 0 || x > axis.from - 1)) return []; // a number of the node's own stands there
  const kind = textOf(node, "mode", "nearest");
  if (kind === "nearest") return [[roundings[textOf(node, "nearest_mode", "round_prefer_floor")]?.(x) ?? 0, 1]];
  const filter = kind === "linear" ? triangle : cubic(floatOf(node, "cubic_coeff_a", -0.75));
  const isWithin = intOf(node, "exclude_outside", 0) !== 0;
  if (intOf(node, "antialias", 0) !== 0) return normalised(inside(wide(filter, axis, x), axis, isWithin));
  const around = kind === "linear" ? [0, 1] : [-1, 0, 1, 2];
  const base = kind === "linear" ? Math.floor(clamped(x, axis.from)) : Math.floor(x);
  const taps = around.map((step) => [base + step, filter.at((kind === "linear" ? clamped(x, axis.from) : x) - base - step)] as const);
  return kind !== "linear" && isWithin ? normalised(inside(taps, axis, true)) : taps;
}

/** Those within the axis alone, where that is asked for; else the others count for its ends. */
const inside = (taps: Taps, { from }: Axis, isAsked: boolean) => (isAsked ? taps.filter(([place]) => place >= 0 && place < from) : taps);

function normalised(taps: Taps): Taps {
  const sum = taps.reduce((total, [, weight]) => total + weight, 0);
  return taps.map(([place, weight]) => [place, weight / sum]);
}

interface Filter {
  /** How far it reaches to each side. */
  readonly support: number;
  at(distance: number): number;
}

const triangle: Filter = { support: 1, at: (distance) => Math.max(0, 1 - Math.abs(distance)) };

/** Keys 1981. */
const cubic = (a: number): Filter => ({
  support: 2,
  at(distance) {
    const d = Math.abs(distance);
    if (d >= 2) return 0;
    return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  },
});

/** Against aliasing the filter is as wide as the outputs lie apart. */
function wide({ support, at }: Filter, { scale }: Axis, x: number): Taps {
  const narrower = Math.min(scale, 1);
  const centre = x + 0.5;
  const [first, last] = [-1, 1].map((side) => Math.floor(centre + (side * support) / narrower + 0.5));
  const places = Array.from({ length: (last ?? 0) - (first ?? 0) }, (_, step) => (first ?? 0) + step);
  return places.map((place) => [place, at((place - centre + 0.5) * narrower)]);
}
