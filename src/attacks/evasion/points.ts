import type { Norm, Points } from "./attack.ts";

/** The rows of these indices, copied. */
export function rowsOf({ width, values }: Points, indices: ArrayLike<number>): Points {
  const taken = new Float32Array(indices.length * width);
  for (let at = 0; at < indices.length; at++) taken.set(values.subarray(indices[at]! * width, (indices[at]! + 1) * width), at * width);
  return { rows: indices.length, width, values: taken };
}

/** The entries of these indices, copied. */
export function entriesOf(values: Int32Array, indices: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: indices.length }, (_, at) => values[indices[at]!]!);
}

/** Rows below each other, row-major. */
export function stacked(rows: readonly Float32Array[], width: number): Float32Array {
  const values = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) values.set(row, at * width);
  return values;
}

export const rowOf = (values: Float32Array, row: number, width: number): Float32Array => values.subarray(row * width, (row + 1) * width);

/** How far a row lies from its start, in float64. L0 counts the features that differ. */
export function distance(norm: Norm, row: Float32Array, start: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < row.length; at++) {
    const difference = Math.abs(row[at]! - start[at]!);
    if (norm === "linf") sum = Math.max(sum, difference);
    else if (norm === "l2") sum += difference * difference;
    else if (norm === "l1") sum += difference;
    else if (difference !== 0) sum++;
  }
  return norm === "l2" ? Math.sqrt(sum) : sum;
}

/** Bounds of the features, of `width` numbers each. */
export interface Box {
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** 1 for features that stay as they are in each row; left out: none. */
  readonly frozen?: Uint8Array | undefined;
}

const clamp = (value: number, low: number, high: number) => (value < low ? low : Math.min(value, high));

/** Into the box, in place. */
export function clip(row: Float32Array, { lows, highs }: Box): void {
  for (let at = 0; at < row.length; at++) row[at] = clamp(row[at]!, lows[at]!, highs[at]!);
}

/** Puts a row, in place, within `eps` of its start and into the box; for Linf, L1 and L2 at the nearest such point. The start lies in the box. */
export function project(norm: Norm, row: Float32Array, start: Float32Array, eps: number, box: Box): void {
  if (box.frozen !== undefined) for (let at = 0; at < row.length; at++) if (box.frozen[at] === 1) row[at] = start[at]!;
  switch (norm) {
    case "linf":
      for (let at = 0; at < row.length; at++) {
        const from = start[at]!;
        row[at] = clamp(clamp(row[at]!, from - eps, from + eps), box.lows[at]!, box.highs[at]!);
      }
      return;
    case "l2":
      projectL2(row, start, eps, box);
      return;
    case "l1":
      projectL1(row, start, eps, box);
      return;
    case "l0":
      keepLargest(row, start, eps, box);
  }
}

/**
 * The nearest point of the box's part of an L2 ball: the change shortened by one factor, then clipped, so that what is left has length eps. To shorten first to
 * eps and clip after it leaves a part of eps unused: of random changes of
 * Fashion-MNIST's pictures 15 %. The factor only grows while features reach the box, so it is found
 * in as many rounds as features do so together.
 */
function projectL2(row: Float32Array, start: Float32Array, eps: number, box: Box): void {
  const { lows, highs } = box;
  let factor = 0;
  for (;;) {
    const next = Math.min(1, freeFactor(row, start, eps, box, factor));
    if (!(next > factor)) break;
    factor = next;
  }
  for (let at = 0; at < row.length; at++) {
    const from = start[at]!;
    row[at] = clamp(from + factor * (row[at]! - from), lows[at]!, highs[at]!);
  }
}

/** The factor at which the change has length eps, if those features are clipped that are at `factor`, and no others. */
function freeFactor(row: Float32Array, start: Float32Array, eps: number, { lows, highs }: Box, factor: number): number {
  let clipped = 0;
  let free = 0;
  for (let at = 0; at < row.length; at++) {
    const from = start[at]!;
    const change = row[at]! - from;
    const room = (change < 0 ? lows[at]! : highs[at]!) - from;
    if (Math.abs(factor * change) >= Math.abs(room)) clipped += room * room;
    else free += change * change;
  }
  return free > 0 ? Math.sqrt(Math.max(0, eps * eps - clipped) / free) : 1;
}

/**
 * The nearest point, in L2, of the box's part of an L1 ball. Each change shrinks by one amount `cut` and none beyond its room in the box; the sum of
 * what is left falls with `cut` in straight pieces whose ends are sorted (Croce & Hein 2021, prop. 2.1).
 */
function projectL1(row: Float32Array, start: Float32Array, eps: number, { lows, highs }: Box): void {
  const size = row.length;
  const wanted = new Float64Array(size);
  const room = new Float64Array(size);
  let total = 0;
  for (let at = 0; at < size; at++) {
    const change = row[at]! - start[at]!;
    wanted[at] = Math.abs(change);
    room[at] = change < 0 ? start[at]! - lows[at]! : highs[at]! - start[at]!;
    total += Math.min(wanted[at]!, room[at]!);
  }
  const cut = total > eps ? cutOf(wanted, room, total - eps) : 0;
  for (let at = 0; at < size; at++) {
    const left = clamp(wanted[at]! - cut, 0, room[at]!);
    row[at] = start[at]! + (row[at]! < start[at]! ? -left : left);
  }
}

/** The cut at which the sum of clamp(wanted - cut, 0, room) has fallen by `excess` from where it is without one. */
function cutOf(wanted: Float64Array, room: Float64Array, excess: number): number {
  // A change begins to shrink at wanted - room (if that is above 0) and is gone at wanted.
  const ends = new Float64Array(2 * wanted.length);
  const slopes = new Map<number, number>();
  for (let at = 0; at < wanted.length; at++) {
    const begin = Math.max(0, wanted[at]! - room[at]!);
    ends[2 * at] = begin;
    ends[2 * at + 1] = Math.max(begin, wanted[at]!);
    slopes.set(ends[2 * at]!, (slopes.get(ends[2 * at]!) ?? 0) + 1);
    slopes.set(ends[2 * at + 1]!, (slopes.get(ends[2 * at + 1]!) ?? 0) - 1);
  }
  ends.sort();
  let slope = 0;
  let fallen = 0;
  let before = 0;
  for (let at = 0; at < ends.length; at++) {
    const end = ends[at]!;
    if (at > 0 && end === before) continue;
    const next = fallen + slope * (end - before);
    if (next >= excess) return before + (excess - fallen) / slope;
    fallen = next;
    slope += slopes.get(end) ?? 0;
    before = end;
  }
  return before;
}

/** Only the `eps` features that changed most keep their change. */
function keepLargest(row: Float32Array, start: Float32Array, eps: number, box: Box): void {
  clip(row, box);
  const order = Array.from(row, (value, at) => [Math.abs(value - start[at]!), at] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, at] of order.slice(Math.max(0, Math.floor(eps)))) row[at] = start[at]!;
}
