import { distance, rowOf } from "../points.ts";
import { precisionOf } from "./boundary.ts";
import type { Jumping } from "./jumping.ts";

export interface Estimate {
  readonly rows: Int32Array;
  /** Probes for each of them. */
  readonly counts: Int32Array;
  /** Of each point: where on the boundary it stands. */
  readonly x: readonly (Float32Array | null)[];
  readonly isFirst: boolean;
}

/** The first probes lie this share of a feature's range away: the boundary is known badly there. */
const firstReach = 0.1;

/**
 * For each row the direction in which the model errs more, from its answers at random points around: their mean, each with the sign of its answer less the mean
 * sign (Chen et al. 2020, eq. 16), of length 1; in Linf the signs of it.
 */
export async function slopesBySigns(all: Jumping, { rows, counts, x, isFirst }: Estimate): Promise<Float64Array[]> {
  const { victim, points, norm, spends, randoms } = all;
  const { width } = points;
  const reach = reachOf(all);
  const sums = Array.from(rows, () => ({ all: new Float64Array(width), erring: new Float64Array(width), erred: 0 }));
  const radii = Float64Array.from(rows, (row) => (isFirst ? firstReach * reach : radiusOf(all, x[row]!, row)));
  const total = counts.reduce((sum, each) => sum + each, 0);
  const places = new Int32Array(total);
  for (let at = 0, next = 0; at < rows.length; next += counts[at++]!) places.fill(at, next, next + counts[at]!);
  for (let start = 0; start < total; start += victim.batch) {
    const asked = places.subarray(start, start + victim.batch);
    const values = new Float32Array(asked.length * width);
    asked.forEach((at, index) => {
      const row = rows[at]!;
      probe(all, x[row]!, radii[at]!, randoms[row]!, rowOf(values, index, width));
    });
    const fooled = await spends.fooled(
      asked.map((at) => rows[at]!),
      values,
    );
    asked.forEach((at, index) => {
      const sum = sums[at]!;
      add(sum.all, rowOf(values, index, width), x[rows[at]!]!);
      if (fooled[index] === 0) return;
      sum.erred++;
      add(sum.erring, rowOf(values, index, width), x[rows[at]!]!);
    });
  }
  return sums.map(({ all: whole, erring, erred }, at) => direction(norm, whole, erring, erred / counts[at]!));
}

function add(into: Float64Array, probe: Float32Array, centre: Float32Array): void {
  for (let at = 0; at < into.length; at++) into[at]! += probe[at]! - centre[at]!;
}

/** sum of (sign - mean sign) * change, with sign = 2 * erring - 1; where all signs are alike there is no mean to take away. */
function direction(norm: Jumping["norm"], whole: Float64Array, erring: Float64Array, share: number): Float64Array {
  const slope = whole.map((each, at) => (share === 1 ? each : share === 0 ? -each : erring[at]! - share * each));
  if (norm === "linf") return slope.map(Math.sign);
  const length = Math.sqrt(slope.reduce((sum, each) => sum + each * each, 0));
  return length > 0 ? slope.map((each) => each / length) : slope;
}

/** A point at this distance from the centre in L2 in a random direction, then in the box. */
function probe(
  { victim, norm }: Jumping,
  centre: Float32Array,
  radius: number,
  random: Jumping["randoms"][number],
  into: Float32Array,
): void {
  const { lows, highs, frozen } = victim;
  const away = new Float64Array(centre.length);
  let squared = 0;
  for (let at = 0; at < away.length; at++) {
    if (frozen?.[at] === 1) continue;
    const each = norm === "l2" ? random.normal() : 2 * random.uniform() - 1;
    away[at] = each;
    squared += each * each;
  }
  const scale = radius / Math.sqrt(squared);
  for (let at = 0; at < away.length; at++) into[at] = Math.min(highs[at]!, Math.max(lows[at]!, centre[at]! + scale * away[at]!));
}

/** So far that a probe's part along the slope is about as large as the boundary's place is uncertain. */
function radiusOf(all: Jumping, centre: Float32Array, row: number): number {
  const { points, norm } = all;
  const far = distance(norm, centre, rowOf(points.values, row, points.width));
  const factor = norm === "l2" ? Math.sqrt(points.width) : points.width;
  return factor * precisionOf(all).share * far;
}

/** The largest range of a feature; 1 where there is none. */
function reachOf({ victim: { lows, highs } }: Jumping): number {
  let most = 0;
  for (let at = 0; at < lows.length; at++) most = Math.max(most, highs[at]! - lows[at]!);
  return Number.isFinite(most) && most > 0 ? most : 1;
}
