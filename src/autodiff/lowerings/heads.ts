import { mathsOf } from "../maths.ts";
import type { Builder, Value } from "../pullback.ts";

/** [rows, places, heads * width] to [rows, heads, places, width]. */
export function separated(build: Builder, value: Value, heads: number): Value {
  const m = mathsOf(build);
  const [rows = 1, places = 1, width = 1] = m.dims(value);
  return m.transpose(m.reshape(value, [rows, places, heads, width / heads]), [0, 2, 1, 3]);
}

/** And back. */
export function merged(build: Builder, value: Value): Value {
  const m = mathsOf(build);
  const [rows = 1, heads = 1, places = 1, width = 1] = m.dims(value);
  return m.reshape(m.transpose(value, [0, 2, 1, 3]), [rows, places, heads * width]);
}
