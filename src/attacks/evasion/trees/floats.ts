const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The float32 next to `value` towards `to`: above it, or below. `value` is one itself and finite. */
export function nextFloat(value: number, to: "up" | "down"): number {
  if (value === 0) return to === "up" ? 2 ** -149 : -(2 ** -149);
  float[0] = value;
  bits[0]! += value > 0 === (to === "up") ? 1 : -1;
  return float[0]!;
}

/** The greatest float32 that is not above `value`. */
export function floatBelow(value: number): number {
  const made = Math.fround(value);
  return made > value ? nextFloat(made, "down") : made;
}
