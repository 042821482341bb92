import { intOf } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import { NoGradient } from "../missing.ts";
import type { Builder, Pullback, Value } from "../pullback.ts";

/** The range of each quantised type. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
};

/**
 * The straight-through rule, only where it is declared: quantised values have a gradient, that of the real numbers which they stand for; beyond the range that is
 * held it is zero.
 */
export const straightQuantised: Readonly<Record<string, Pullback>> = {
  // Scale and zero point follow the range of the values; they count as fixed.
  DynamicQuantizeLinear: ({ dys }) => [dys[0] ?? null],
  DequantizeLinear: ({ dys }) => [dys[0] ?? null, null, null],
  QuantizeLinear: ({ node, build, dys }) => {
    const [dy] = dys;
    const [x = "", scale = "", zero = ""] = node.inputs;
    const range = ranges[build.known(node.outputs[0] ?? "").element];
    if (range === undefined || intOf(node, "block_size", 0) !== 0) throw new NoGradient("none is written for its type or its blocks");
    if (dy === null || dy === undefined) return [];
    const m = mathsOf(build);
    const along = (value: Value) => alongAxis(build, value, x, intOf(node, "axis", 1));
    const offset = zero === "" ? build.scalar(0, x) : m.cast(along(zero), x);
    const [low, high] = range.map((bound) => m.mul(m.sub(bound, offset), along(scale)));
    return [m.mul(m.mul(dy, m.nonNegative(m.sub(x, low ?? 0))), m.nonNegative(m.sub(high ?? 0, x)))];
  },
};

/** One number for all, or one for each place along an axis. */
function alongAxis(build: Builder, value: Value, x: Value, axis: number): Value {
  const [length] = build.known(value).dims;
  const { dims } = build.known(x);
  if (length === undefined) return value;
  const at = axis < 0 ? axis + dims.length : axis;
  return mathsOf(build).reshape(value, dims.map((_, other) => (other === at ? length : 1))); // biome-ignore format: one call
}
