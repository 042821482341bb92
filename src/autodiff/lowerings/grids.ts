import { intOf, textOf } from "../../onnx/index.ts";
import { type Maths, mathsOf } from "../maths.ts";
import { wholeNumbers } from "../numbers.ts";
import type { Builder, Value } from "../pullback.ts";
import type { Lowering } from "./lowering.ts";

/** Pictures seen at places of a grid, of any number of spatial axes. */
export const grids: Readonly<Record<string, Lowering>> = {
  AffineGrid: ({ node, build }) => {
    const m = mathsOf(build);
    const [theta = "", size = ""] = node.inputs;
    const { constant } = build.known(size);
    if (constant === undefined) return null;
    const [rows = 1, , ...spatial] = wholeNumbers(constant);
    const isAligned = intOf(node, "align_corners", 0) !== 0;
    if (isAligned && spatial.includes(1)) return null; // a single place has no corners: versions of onnxruntime differ
    const places = gridOf(spatial, isAligned);
    const grid = build.constant(places, [places.length / (spatial.length + 1), spatial.length + 1], build.known(theta).element);
    return [m.reshape(build.add("MatMul", [grid, m.transpose(theta, [0, 2, 1])]), [rows, ...spatial, spatial.length])];
  },
  GridSample: ({ node, build }) => {
    const m = mathsOf(build);
    const [x = "", grid = ""] = node.inputs;
    const [rows = 1, channels = 1, ...sizes] = m.dims(x);
    const outputs = m.dims(grid).slice(1, -1);
    const count = outputs.reduce((product, size) => product * size, 1);
    const mode = textOf(node, "mode", "linear");
    if (mode === "cubic") return null;
    const flat = m.reshape(x, [rows, channels, sizes.reduce((product, size) => product * size, 1)]);
    const isAligned = intOf(node, "align_corners", 0) !== 0;
    const axes = sizes.map((size, axis): Axis => {
      const at = build.add("Gather", [grid, build.constant(BigInt64Array.of(BigInt(sizes.length - 1 - axis)), [])], { axis: -1 });
      return {
        size,
        at: within(build, textOf(node, "padding_mode", "zeros"), placed(m, m.reshape(at, [rows, count]), size, isAligned), size, isAligned),
      };
    });
    const corners = axes.map((axis) => (mode === "nearest" ? nearest(m, axis) : neighbours(build, m, axis)));
    const seen = everyCorner(corners).map((corner) => weighed(build, flat, corner, sizes));
    return [m.reshape(seen.reduce((sum, each) => m.add(sum, each)), [rows, channels, ...outputs])]; // biome-ignore format: one call
  },
};

/** Rows (x, y, ..., 1) of places between -1 and 1, the last axis first. */
function gridOf(spatial: readonly number[], isAligned: boolean): Float64Array {
  const along = (size: number, at: number) => (isAligned ? -1 + (2 * at) / (size - 1) : (2 * at + 1) / size - 1);
  const places = spatial.reduce<readonly (readonly number[])[]>(
    (outer, size) => outer.flatMap((place) => Array.from({ length: size }, (_, at) => [along(size, at), ...place])),
    [[]],
  );
  return Float64Array.from(places.flatMap((place) => [...place, 1]));
}

/** Where along one axis each output looks, counted in pixels: [rows, outputs]. */
interface Axis {
  readonly size: number;
  readonly at: Value;
}

/** A pixel along one axis for each output, as a real number, and how much it counts there. */
interface Pixel {
  readonly at: Value;
  readonly weight: Value | null;
}

/** From -1 to 1 to pixels. */
const placed = (m: Maths, at: Value, size: number, isAligned: boolean) =>
  isAligned ? m.mul(m.add(at, 1), (size - 1) / 2) : m.div(m.sub(m.mul(m.add(at, 1), size), 1), 2);

/** What lies outside, brought in as the padding wants it. */
function within(build: Builder, padding: string, at: Value, size: number, isAligned: boolean): Value {
  if (padding === "zeros") return clip(build, at, -2, size + 1);
  return clip(build, padding === "border" ? at : reflected(build, at, size, isAligned), 0, size - 1);
}

const clip = (build: Builder, at: Value, low: number, high: number) =>
  build.add("Clip", [at, build.scalar(low, at), build.scalar(high, at)]);

/** Back and forth between both ends: the middles of the outer pixels, or their edges. */
function reflected(build: Builder, at: Value, size: number, isAligned: boolean): Value {
  const m = mathsOf(build);
  const [low, range] = isAligned ? [0, size - 1] : [-0.5, size];
  if (range === 0) return m.mul(at, 0);
  const distance = m.of("Abs", m.sub(at, low));
  const turns = whole(build, m.div(distance, range));
  const rest = m.sub(distance, m.mul(turns, range));
  const isBack = m.sub(turns, m.mul(whole(build, m.div(turns, 2)), 2));
  return m.add(m.add(rest, m.mul(isBack, m.sub(range, m.mul(rest, 2)))), low);
}

/** Rounded down, of what is not negative; by way of whole numbers, along which nothing changes. */
const whole = (build: Builder, value: Value) => mathsOf(build).cast(build.add("Cast", [value], { to: int64 }), value);
const int64 = 7;

const nearest = (m: Maths, { at }: Axis): readonly Pixel[] => [{ at: m.of("Round", at), weight: null }];

function neighbours(build: Builder, m: Maths, { at }: Axis): readonly Pixel[] {
  const first = m.sub(whole(build, m.add(at, 2)), 2);
  const part = m.sub(at, first);
  return [
    { at: first, weight: m.sub(1, part) },
    { at: m.add(first, 1), weight: part },
  ];
}

/** One pixel of each axis, in every way. */
const everyCorner = (axes: readonly (readonly Pixel[])[]) =>
  axes.reduce<readonly (readonly Pixel[])[]>((outer, pixels) => outer.flatMap((corner) => pixels.map((pixel) => [...corner, pixel])), [[]]);

/** The numbers at a corner times its weights; zero where it lies outside. */
function weighed(build: Builder, flat: Value, corner: readonly Pixel[], sizes: readonly number[]): Value {
  const m = mathsOf(build);
  const [rows = 1, channels = 1] = m.dims(flat);
  const [, count = 1] = m.dims(corner[0]?.at ?? "");
  const all = (values: readonly Value[], op: "Mul" | "Add" | "And") => values.reduce((a, b) => m.of2(op, a, b));
  const inside = corner.map(({ at }, axis) =>
    m.of2("And", m.compare("GreaterOrEqual", at, 0), m.compare("LessOrEqual", at, (sizes[axis] ?? 1) - 1)),
  );
  const index = corner.map(({ at }, axis) => {
    const stride = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
    return m.mul(build.add("Cast", [clip(build, at, 0, (sizes[axis] ?? 1) - 1)], { to: int64 }), stride);
  });
  const wide = m.expand(m.reshape(all(index, "Add"), [rows, 1, count]), [rows, channels, count]);
  const seen = build.add("GatherElements", [flat, wide], { axis: 2 });
  const shown = m.where(m.reshape(all(inside, "And"), [rows, 1, count]), seen, 0);
  const weights = corner.flatMap(({ weight }) => (weight === null ? [] : [weight]));
  return weights.length === 0 ? shown : m.mul(shown, m.reshape(all(weights, "Mul"), [rows, 1, count]));
}
