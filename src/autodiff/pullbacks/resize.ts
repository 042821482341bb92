import { intsOf, textOf } from "../../onnx/index.ts";
import { NoGradient } from "../missing.ts";
import type { Value } from "../pullback.ts";
import { type Axis, interpolation } from "./interpolation.ts";
import { type Row, unary } from "./rows.ts";
import { positive } from "./shaping.ts";

/** Resizing is linear, axis by axis: its gradient is the product with the turned matrix. */
export const resize = {
  Resize: unary((given) => {
    const axes = axesOf(given);
    if (isUnsure(given)) none("which neighbour it takes hangs on the last bit of a float32");
    const repeats = repeatsOf(given, axes);
    return repeats === null ? [...axes].reduce((dy, [axis, how]) => alongAxis(given, dy, axis, how), given.dy) : summed(given, repeats);
  }),
};

/** In this mode middles fall on whole numbers, where the order of onnxruntime's arithmetic decides. */
const isUnsure = ({ node }: Row) =>
  textOf(node, "coordinate_transformation_mode", "half_pixel") === "half_pixel_symmetric" &&
  textOf(node, "mode", "nearest") === "nearest" &&
  ["floor", "ceil"].includes(textOf(node, "nearest_mode", "round_prefer_floor"));

/** The axes that are changed. */
function axesOf(given: Row): ReadonlyMap<number, Axis> {
  const { m, x, y, node } = given;
  const [from, to] = [m.dims(x), m.dims(y)];
  const named = (intsOf(node, "axes") ?? [...from.keys()]).map((axis) => positive(axis, from.length));
  const isCropped = textOf(node, "coordinate_transformation_mode", "half_pixel") === "tf_crop_and_resize";
  const roi = isCropped ? (listed(given, 1) ?? none("what it crops is known in a run alone")) : [];
  const factors = factorsOf(given, named);
  const each = named.map((axis, at): [number, Axis] => {
    const crop = [roi[at] ?? 0, roi[at + named.length] ?? 1] as const;
    return [axis, { from: from[axis] ?? 0, to: to[axis] ?? 0, scale: Math.fround(factors[at] ?? 1), crop }];
  });
  return new Map(each.filter(([, how]) => how.scale !== 1 || how.from !== how.to));
}

/** By the scales, or by the sizes; where proportions are kept, one factor for all. */
function factorsOf(given: Row, axes: readonly number[]): readonly number[] {
  const { m, x, node } = given;
  const scales = listed(given, 2);
  if (scales !== undefined && scales.length > 0) return scales;
  const sizes = listed(given, 3) ?? none("its sizes are known in a run alone");
  const each = axes.map((axis, at) => Math.fround((sizes[at] ?? 0) / (m.dims(x)[axis] ?? 1)));
  const policy = textOf(node, "keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return each;
  return each.map(() => (policy === "not_larger" ? Math.min(...each) : Math.max(...each)));
}

function listed({ node, pulled }: Row, at: number): readonly number[] | undefined {
  const name = node.inputs[at] ?? "";
  const constant = name === "" ? undefined : pulled.build.known(name).constant;
  return constant === undefined ? undefined : Array.from(constant.values as ArrayLike<number | bigint>, Number);
}

function none(why: string): never {
  throw new NoGradient(why);
}

/** How often each place of the spatial axes is repeated, where that is all that happens; else null. */
function repeatsOf({ m, x, node }: Row, axes: ReadonlyMap<number, Axis>): readonly number[] | null {
  const spatial = m.dims(x).slice(2);
  if (spatial.length === 0 || textOf(node, "mode", "nearest") !== "nearest" || [...axes.keys()].some((axis) => axis < 2)) return null;
  const repeats = spatial.map((_, at) => {
    const how = axes.get(at + 2);
    return how === undefined ? 1 : repeatOf(interpolation(node, how), how);
  });
  return repeats.every((repeat) => repeat > 0) ? repeats : null;
}

function repeatOf(matrix: Float64Array, { from, to }: Axis): number {
  const repeat = to / from;
  const isRepeat = Number.isInteger(repeat) && Array.from({ length: to }, (_, at) => matrix[at * from + Math.floor(at / repeat)] === 1).every(Boolean); // biome-ignore format: one condition
  return isRepeat ? repeat : 0;
}

function summed({ m, pulled, dy }: Row, repeats: readonly number[]): Value {
  const mean = pulled.build.add("AveragePool", [dy], { kernel_shape: repeats, strides: repeats });
  return m.mul(mean, repeats.reduce((product, repeat) => product * repeat, 1)); // biome-ignore format: one call
}

/** dy times the matrix, along one axis. */
function alongAxis({ m, pulled, node, x }: Row, dy: Value, axis: number, how: Axis): Value {
  const { build } = pulled;
  const matrix = build.constant(interpolation(node, how), [how.to, how.from], build.known(x).element);
  const rank = m.dims(dy).length;
  if (axis === rank - 1) return build.add("MatMul", [dy, matrix]);
  if (axis === rank - 2) return build.add("MatMul", [m.transpose(matrix, [1, 0]), dy]);
  const swap = m.dims(dy).map((_, at) => (at === axis ? rank - 1 : at === rank - 1 ? axis : at));
  return m.transpose(build.add("MatMul", [m.transpose(dy, swap), matrix]), swap);
}
