import type { Random } from "../../../base/index.ts";
import type { Norm, Points } from "../attack.ts";
import { type Box, project, rowOf } from "../points.ts";

/** Points on the sphere of radius eps around each start, then within the box; in L1 normal noise of deviation 1, of which eps leaves a few features (Croce & Hein 2021). */
export function randomStarts({ rows, width, values }: Points, norm: Norm, eps: number, box: Box, random: Random): Float32Array {
  const starts = values.slice();
  for (let row = 0; row < rows; row++) {
    const start = rowOf(values, row, width);
    const moved = rowOf(starts, row, width);
    let length = 0;
    const away = Float64Array.from({ length: width }, () => (norm === "linf" ? 2 * random.uniform() - 1 : random.normal()));
    for (const each of away) length = norm === "linf" ? Math.max(length, Math.abs(each)) : length + each * each;
    const scale = norm === "l1" ? 1 : eps / (norm === "linf" ? length : Math.sqrt(length));
    for (let at = 0; at < width; at++) moved[at] = start[at]! + away[at]! * scale;
    project(norm, moved, start, eps, box);
  }
  return starts;
}

/** One step of the given length up the slope, normalised: by sign in Linf, by length in L2. */
export function stepped(norm: Norm, from: Float32Array, slope: Float32Array, length: number): Float32Array {
  const next = from.slice();
  if (norm === "linf") {
    for (let at = 0; at < next.length; at++) next[at]! += length * Math.sign(slope[at]!);
    return next;
  }
  let norm2 = 0;
  for (const each of slope) norm2 += each * each;
  const scale = norm2 > 0 ? length / Math.sqrt(norm2) : 0;
  for (let at = 0; at < next.length; at++) next[at]! += scale * slope[at]!;
  return next;
}
