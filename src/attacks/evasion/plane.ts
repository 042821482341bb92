import type { Norm } from "./attack.ts";
import type { Box } from "./points.ts";

/**
 * The shortest change, in the norm, that brings `row` to the plane weights · row + offset = 0 without leaving the box; where the plane lies out of the
 * box's reach, the change to the corner nearest to it. Written into `into`, of `width` numbers. What remains is found by Newton's method on a convex function of straight pieces, which ends at its zero after finitely many steps. L1 fills the features of greatest weight first.
 */
export function changeToPlane(
  norm: Exclude<Norm, "l0">,
  { row, weights, offset, box }: { readonly row: Float32Array; readonly weights: Float32Array; readonly offset: number; readonly box: Box },
  into: Float64Array,
): Float64Array {
  let gap = offset;
  for (let at = 0; at < row.length; at++) gap += weights[at]! * row[at]!;
  const side = gap > 0 ? -1 : 1;
  gap = Math.abs(gap);
  const rooms = roomsOf(row, weights, side, box);
  if (norm === "l1") return greedy(into, rooms, weights, side, gap);
  // Each feature moves by min(rate * amount, room), with rate 1 in Linf and |weight| in L2.
  const rate = (at: number) => (norm === "linf" ? 1 : Math.abs(weights[at]!));
  let amount = 0;
  for (;;) {
    let reached = 0;
    let slope = 0;
    for (let at = 0; at < row.length; at++) {
      const weight = Math.abs(weights[at]!);
      const moved = rate(at) * amount;
      if (moved < rooms[at]!) slope += weight * rate(at);
      reached += weight * Math.min(moved, rooms[at]!);
    }
    const left = gap - reached;
    const next = slope > 0 ? amount + left / slope : amount;
    if (!(left > 0) || !(next > amount)) break;
    amount = next;
  }
  for (let at = 0; at < row.length; at++) {
    const weight = weights[at]!;
    into[at] = weight === 0 ? 0 : side * Math.sign(weight) * Math.min(rate(at) * amount, rooms[at]!);
  }
  return into;
}

/** How far each feature can go in its helpful direction. */
function roomsOf(row: Float32Array, weights: Float32Array, side: number, { lows, highs, frozen }: Box): Float64Array {
  const rooms = new Float64Array(row.length);
  for (let at = 0; at < row.length; at++) {
    const room = weights[at]! * side > 0 ? highs[at]! - row[at]! : row[at]! - lows[at]!;
    if (frozen?.[at] !== 1 && room > 0) rooms[at] = room;
  }
  return rooms;
}

function greedy(into: Float64Array, rooms: Float64Array, weights: Float32Array, side: number, gap: number): Float64Array {
  into.fill(0);
  let left = gap;
  const order = Array.from(weights.keys()).sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!) || a - b);
  for (const at of order) {
    const weight = weights[at]!;
    if (left <= gap * 1e-12 || weight === 0) break;
    const moved = Math.min(rooms[at]!, left / Math.abs(weight));
    into[at] = side * Math.sign(weight) * moved;
    left -= moved * Math.abs(weight);
  }
  return into;
}

/** The length of a change in a norm. */
export function lengthOf(norm: Exclude<Norm, "l0">, change: Float64Array): number {
  let sum = 0;
  for (const each of change) {
    if (norm === "linf") sum = Math.max(sum, Math.abs(each));
    else sum += norm === "l2" ? each * each : Math.abs(each);
  }
  return norm === "l2" ? Math.sqrt(sum) : sum;
}
