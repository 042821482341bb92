import { intsOf, textOf } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import { wholeNumbers } from "../numbers.ts";
import type { Builder, Pullback, Value } from "../pullback.ts";
import { type Row, row, unary } from "./rows.ts";

/** The same numbers in another shape. */
const reshaped = unary(({ m, dy, x }) => m.reshape(dy, m.dims(x)));

/** Operators that move, repeat, cut or join numbers. */
export const shaping = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Cast: unary(({ m, dy, x }) => m.cast(dy, x)),
  CastLike: row(({ m, dy, x }) => [m.cast(dy, x), null]),
  Expand: unary(({ m, dy, x }) => m.sumLike(dy, x)),
  Transpose: unary(({ m, dy, x, node }) => {
    const perm = intsOf(node, "perm") ?? m.dims(x).map((_, at, { length }) => length - 1 - at);
    return m.transpose(dy, perm.map((_, at) => perm.indexOf(at))); // biome-ignore format: one call
  }),
  Tile: unary(tiled),
  Concat: row((given) => {
    const { node, dy, m, pulled } = given;
    const axis = positive(given.int("axis", 0), m.dims(dy).length);
    const lengths = node.inputs.map((input) => m.dims(input)[axis] ?? 0);
    if (lengths.length === 1) return [dy];
    return pulled.build.addMany("Split", [dy, pulled.build.ints(...lengths)], lengths.length, { axis });
  }),
  Split: split,
  Slice: unary(sliced),
  ReverseSequence: unary(({ pulled, dy, b, node }) => pulled.build.add("ReverseSequence", [dy, b], Object.fromEntries(node.attributes))),
  Trilu: unary(({ pulled, dy, b, int }) => pulled.build.add("Trilu", [dy, b || null], { upper: int("upper", 1) })),
  DepthToSpace: unary(({ m, pulled, dy, x, node, int }) => {
    const blocksize = int("blocksize", 1);
    if (textOf(node, "mode", "DCR") === "DCR") return pulled.build.add("SpaceToDepth", [dy], { blocksize });
    const [batch = 1, , height = 1, width = 1] = m.dims(x);
    const blocks = m.reshape(dy, [batch, m.dims(dy)[1] ?? 1, height, blocksize, width, blocksize]);
    return m.reshape(m.transpose(blocks, [0, 1, 3, 5, 2, 4]), m.dims(x));
  }),
  SpaceToDepth: unary(({ pulled, dy, int }) => pulled.build.add("DepthToSpace", [dy], { blocksize: int("blocksize", 1), mode: "DCR" })),
} satisfies Record<string, Pullback>;

/** An axis counted from the front. */
export const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Each repetition is an axis of its own, over which the gradient is summed. */
function tiled({ m, dy, x }: Row): Value {
  const [from, to] = [m.dims(x), m.dims(dy)];
  const repeats = from.map((dim, at) => (dim === 0 ? 1 : (to[at] ?? 0) / dim));
  const apart = m.reshape(dy, from.flatMap((dim, at) => [repeats[at] ?? 1, dim])); // biome-ignore format: one call
  return m.reshape(m.sum(apart, ...from.flatMap((_, at) => (repeats[at] === 1 ? [] : [2 * at]))), from);
}

function split({ node, build, dys }: Parameters<Pullback>[0]): readonly (Value | null)[] {
  const [x = ""] = node.inputs;
  const whole = build.known(x).dims;
  const attribute = node.attributes.get("axis");
  const axis = positive(attribute?.kind === "int" ? Number(attribute.value) : 0, whole.length);
  const parts = node.outputs.map((output, at) => dys[at] ?? zerosOf(build, output, x));
  return [build.add("Concat", parts, { axis })];
}

const zerosOf = (build: Builder, shape: Value, like: Value): Value =>
  build.add("Expand", [build.scalar(0, like), build.ints(...build.known(shape).dims)]);

/** Back to where the slice was taken from, axis by axis; zeros around and between. */
function sliced({ node, m, pulled, dy, x }: Row): Value {
  const { build } = pulled;
  const numbers = (at: number) => {
    const name = node.inputs[at] ?? "";
    const given = name === "" ? undefined : build.known(name).constant;
    return given === undefined ? undefined : wholeNumbers(given);
  };
  const starts = numbers(1) ?? [];
  const axes = numbers(3) ?? starts.map((_, at) => at);
  const steps = numbers(4) ?? starts.map(() => 1);
  const shape = m.dims(x);
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  let gradient = dy;
  for (const [at, named] of axes.entries()) {
    const axis = positive(named, shape.length);
    const [length, count, step] = [shape[axis] ?? 0, m.dims(dy)[axis] ?? 0, steps[at] ?? 1];
    const first = clamped(starts[at] ?? 0, length, step);
    if (step < 0) gradient = reversed(build, gradient, axis);
    gradient = spread(build, gradient, axis, Math.abs(step));
    before[axis] = step < 0 ? first + (count - 1) * step : first;
    after[axis] = length - (before[axis] ?? 0) - Math.max(0, (count - 1) * Math.abs(step) + 1);
  }
  return padded(build, gradient, before, after);
}

const clamped = (start: number, length: number, step: number) =>
  Math.min(Math.max(start < 0 ? start + length : start, 0), step < 0 ? length - 1 : length);

export function reversed(build: Builder, value: Value, axis: number): Value {
  const length = build.known(value).dims[axis] ?? 0;
  return build.add("Slice", [value, build.ints(-1), build.ints(-length - 1), build.ints(axis), build.ints(-1)]);
}

/** `step` - 1 zeros between any two neighbours. */
function spread(build: Builder, value: Value, axis: number, step: number): Value {
  const { dims } = build.known(value);
  const count = dims[axis] ?? 0;
  if (step === 1 || count < 2) return value;
  const inner = [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)];
  const apart = mathsOf(build).reshape(value, inner);
  const none = inner.map(() => 0);
  const wide = padded(build, apart, none, inner.map((_, at) => (at === axis + 1 ? step - 1 : 0))); // biome-ignore format: one call
  const joined = dims.map((dim, at) => (at === axis ? count * step : dim));
  const flat = mathsOf(build).reshape(wide, joined);
  return build.add("Slice", [flat, build.ints(0), build.ints((count - 1) * step + 1), build.ints(axis)]);
}

/** Zeros before and after, per axis. */
export function padded(build: Builder, value: Value, before: readonly number[], after: readonly number[]): Value {
  return [...before, ...after].every((width) => width === 0) ? value : build.add("Pad", [value, build.ints(...before, ...after)]);
}
