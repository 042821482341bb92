import { intsOf } from "../../onnx/index.ts";
import type { Value } from "../pullback.ts";
import { type Row, unary } from "./rows.ts";
import { padded } from "./shaping.ts";
import { areTiles, cropped, scaled, spreadOut, tiles, type Windows, windowsOf } from "./windows.ts";

/** Operators that take the greatest, the mean or a norm of windows, or the greatest or the mean of whole images. */
export const pooling = {
  MaxPool: unary((given) => {
    const windows = windowsIn(given);
    return areTiles(windows) ? maxOfTiles(given, windows) : maxByPlaces(given);
  }),
  AveragePool: unary((given) => {
    const windows = windowsIn(given);
    return backOver(given, m_(given).mul(given.dy, inverseCounts(given, windows)), windows);
  }),
  LpPool: unary((given) => {
    const p = given.int("p", 2);
    return m_(given).mul(powered(given, p), backOver(given, overNorm(given, p), windowsIn(given)));
  }),
  GlobalAveragePool: unary(({ m, dy, x }) => m.expand(m.div(dy, sizeOf(m.dims(x).slice(2))), m.dims(x))),
  GlobalMaxPool: unary(({ m, dy, x, y }) => {
    const share = m.same(x, y);
    return m.mul(share, m.div(dy, m.sum(share, ...m.dims(x).slice(2).map((_, at) => at + 2)))); // biome-ignore format: one formula
  }),
};

const m_ = ({ m }: Row) => m;
const sizeOf = (dims: readonly number[]) => dims.reduce((count, dim) => count * dim, 1);

function windowsIn({ m, node, x, y }: Row): Windows {
  return windowsOf(node, intsOf(node, "kernel_shape") ?? [], m.dims(x).slice(2), m.dims(y).slice(2));
}

/**
 * Without the places of the greatest: onnxruntime's fast pool does not give them. Where several are the greatest of a window they share its gradient; a number
 * within 1e-38 of it counts as the greatest. What is done at the image's own size are operators that onnxruntime's blocked layout of channels has, and no others.
 */
function maxOfTiles({ m, pulled, dy, x, y }: Row, { kernel, after }: Windows): Value {
  const { build } = pulled;
  const inner = cropped(build, x, m.dims(x).slice(2).map((size, at) => size + (after[at] ?? 0))); // biome-ignore format: one call
  const greatest = m.nonNegative(m.add(inner, tiles(build, scaled(build, y, -1), kernel)));
  const share = build.add("AveragePool", [greatest], { kernel_shape: kernel, strides: kernel });
  const each = scaled(build, m.div(dy, share), 1 / sizeOf(kernel));
  const none = m.dims(x).map(() => 0);
  return padded(build, m.mul(tiles(build, each, kernel), greatest), none, [0, 0, ...after.map((width) => (width < 0 ? -width : 0))]);
}

/** Added at the places of the greatest, which are counted over the whole tensor. */
function maxByPlaces({ m, pulled, node, dy, x }: Row): Value {
  const { build } = pulled;
  const attributes = Object.fromEntries([...node.attributes].filter(([name]) => name !== "storage_order"));
  const [, places = ""] = build.addMany("MaxPool", [x], 2, attributes);
  const flat = (value: Value) => m.reshape(value, [sizeOf(m.dims(value))]);
  const zeros = m.zeros([sizeOf(m.dims(x))], x);
  return m.reshape(build.add("ScatterElements", [zeros, flat(places), flat(dy)], { axis: 0, reduction: "add" }), m.dims(x));
}

/** Each window's number added to all that it saw. */
function backOver({ m, pulled, x }: Row, each: Value, windows: Windows): Value {
  const { build } = pulled;
  const [batch = 1, channels = 1, ...spatial] = m.dims(x);
  if (areTiles(windows)) {
    const after = [0, 0, ...windows.after.map((width) => (width < 0 ? -width : 0))];
    return padded(build, tiles(build, each, windows.kernel), m.dims(x).map(() => 0), after); // biome-ignore format: one call
  }
  const ones = m.expand(build.scalar(1, x), [1, 1, ...windows.kernel]);
  const apart = m.reshape(each, [batch * channels, 1, ...m.dims(each).slice(2)]);
  return m.reshape(spreadOut(build, apart, ones, windows, 1), [batch, channels, ...spatial]);
}

/** One over how many numbers each window averages: over its places in the image, or in the padded one. */
function inverseCounts({ m, pulled, x, y, int }: Row, windows: Windows): Value {
  const withPadding = int("count_include_pad", 0) !== 0;
  const [sizes, counts] = [m.dims(x).slice(2), m.dims(y).slice(2)];
  const perAxis = counts.map((count, axis) =>
    Array.from({ length: count }, (_, at) => placesIn(windows, axis, at, sizes[axis] ?? 0, withPadding)),
  );
  const products = perAxis.reduce((outer, inner) => outer.flatMap((a) => inner.map((b) => a * b)), [1]);
  const [first = 1] = products;
  const { element } = pulled.build.known(x);
  if (products.every((product) => product === first)) return pulled.build.scalar(1 / first, x);
  return pulled.build.constant(
    Float64Array.from(products, (product) => 1 / product),
    [1, 1, ...counts],
    element,
  );
}

function placesIn({ kernel, strides, dilations, before, padded }: Windows, axis: number, at: number, size: number, withPadding: boolean) {
  const [low, high] = withPadding ? [-(before[axis] ?? 0), size + (padded[axis] ?? 0)] : [0, size];
  const start = at * (strides[axis] ?? 1) - (before[axis] ?? 0);
  const places = Array.from({ length: kernel[axis] ?? 1 }, (_, step) => start + step * (dilations[axis] ?? 1));
  return places.filter((place) => place >= low && place < high).length;
}

/** dy / y^(p - 1); zero where the norm is. */
function overNorm({ m, dy, y }: Row, p: number): Value {
  const power = p === 1 ? dy : m.div(dy, p === 2 ? y : m.pow(y, p - 1));
  return m.where(m.compare("Equal", y, 0), 0, power);
}

/** sign(x) |x|^(p - 1). */
function powered({ m, x }: Row, p: number): Value {
  if (p === 2) return x;
  const sign = m.of("Sign", x);
  return p === 1 ? sign : m.mul(sign, m.pow(m.of("Abs", x), p - 1));
}
