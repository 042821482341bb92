import type { Random } from "../../../base/index.ts";
import type { Norm } from "../attack.ts";
import { awayFrom, type Cut, cutsOf, type Ground, rivalsOf } from "./boxes.ts";
import { type Ensemble, labelOf, leafOf, sumsOf } from "./ensemble.ts";
import { type Sweeps, sumsAlong, sweepsOf } from "./sweep.ts";

/** Leaves as boxes, made once for an ensemble. */
export interface Leaves {
  readonly ensemble: Ensemble;
  readonly ground: Ground;
  /** Of each leaf, the features that its path asks about, with what they can be there; of each tree, its leaves. */
  readonly bounds: readonly (readonly Bound[])[];
  readonly ofTree: readonly Int32Array[];
  readonly sweeps: Sweeps;
}

interface Bound {
  readonly feature: number;
  readonly low: number;
  readonly high: number;
}

/** Throws ATTACK_UNFIT. */
export function leavesOf(ensemble: Ensemble, ground: Ground): Leaves {
  const cuts = cutsOf(ensemble, ground.whole);
  const bounds: (readonly Bound[])[] = Array.from({ length: ensemble.from.length - 1 }, () => []);
  const ofTree = Array.from(ensemble.roots, (root) => Int32Array.from(walk(ensemble, cuts, root, bounds)));
  return { ensemble, ground, bounds, ofTree, sweeps: sweepsOf(cuts, ground.lows.length) };
}

function walk({ yes, no }: Ensemble, cuts: readonly Cut[], root: number, bounds: (readonly Bound[])[]): number[] {
  const found: number[] = [];
  const open: { at: number; path: readonly Bound[] }[] = [{ at: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, path } = next;
    if (at < 0) {
      bounds[~at] = path;
      found.push(~at);
      continue;
    }
    const { feature, last, first, isLowYes } = cuts[at]!;
    for (const [isLow, child] of [
      [true, isLowYes ? yes[at]! : no[at]!],
      [false, isLowYes ? no[at]! : yes[at]!],
    ] as const) {
      const before = path.find((bound) => bound.feature === feature) ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
      const own = isLow
        ? { feature, low: before.low, high: Math.min(before.high, last) }
        : { feature, low: Math.max(before.low, first), high: before.high };
      if (own.low <= own.high) open.push({ at: child, path: [...path.filter((bound) => bound.feature !== feature), own] });
    }
  }
  return found;
}

/** Starts that are nearest, each led to the row; then so many hops from the best. */
const mostStarts = 10;
const mostHops = 40;
/** Rounds over all features of one climb. */
const mostRounds = 4;

export interface Seeking {
  readonly row: ArrayLike<number>;
  readonly label: number;
  readonly norm: Norm;
  readonly random: Random;
}

/**
 * The nearest row with another answer that is found from some others, which may have any answer, by `nearerByLeaves`: from the row itself, led to another answer, and the nearest of them; then from rows drawn about as far away as the
 * best one, in some of their features (basin hopping, Wales & Doye 1997), and led to another answer by one feature at a time. Null where none was found.
 */
export function nearestByLeaves(
  leaves: Leaves,
  starts: readonly Float64Array[],
  { row, label, norm, random }: Seeking,
): Float64Array | null {
  const { ensemble, ground } = leaves;
  const isOther = (each: Float64Array) => labelOf(ensemble, sumsOf(ensemble, each)) !== label;
  const apart = (each: Float64Array) => awayFrom(row, { lows: each, highs: each }, norm, ground.scales);
  const climbed = Float64Array.from(row);
  const own = climbs(leaves, climbed, { row, label, norm, far: Number.POSITIVE_INFINITY }) ? [climbed] : [];
  const near = starts
    .filter(isOther)
    .toSorted((a, b) => apart(a) - apart(b))
    .slice(0, mostStarts);
  let best: { row: Float64Array; far: number } | null = null;
  const offer = (from: Float64Array) => {
    const found = nearerByLeaves(leaves, row, label, from, norm);
    const far = apart(found);
    if (best === null || far < best.far) best = { row: found, far };
    return best;
  };
  for (const start of [...own, ...near]) offer(start);
  for (let hop = 0; hop < mostHops && best !== null; hop++) {
    const from = hopped(best, row, ground, random);
    if (isOther(from) || climbs(leaves, from, { row, label, norm, far: best.far })) best = offer(from);
  }
  return (best as { row: Float64Array } | null)?.row ?? null;
}

/** Changes one feature after the other, in place, to where another answer leads most, nearer than `far`; whether the answer changed. */
function climbs(
  { ensemble, ground, sweeps }: Leaves,
  point: Float64Array,
  { row, label, norm, far }: Omit<Seeking, "random"> & { readonly far: number },
): boolean {
  const rivals = rivalsOf(ensemble, label);
  const sums = new Float64Array(ensemble.outputs);
  const away = () => awayFrom(row, { lows: point, highs: point }, norm, ground.scales);
  if (away() >= far) return false;
  const own = ensemble.roots.map((root) => leafOf(ensemble, root, point));
  let now = Math.max(...rivals.map(({ leaves, base }) => own.reduce((sum, leaf) => sum + leaves[leaf]!, base)));
  for (let round = 0; round < mostRounds; round++) {
    const before = now;
    for (const [feature, sides] of sweeps.sides.entries()) {
      const [low, high] = [ground.lows[feature]!, ground.highs[feature]!];
      if (sides.length === 0 || low === high) continue;
      const along = sumsAlong(ensemble, sweeps, rivals, point, feature);
      let best = point[feature]!;
      for (const [at, value] of sides.entries()) {
        if (value < low || value > high || Math.abs(value - row[feature]!) * ground.scales[feature]! >= far) continue;
        const lead = along.reduce((most, each) => Math.max(most, each[at]!), Number.NEGATIVE_INFINITY);
        if (lead <= now) continue;
        point[feature] = value;
        if (away() < far) [best, now] = [value, lead];
      }
      point[feature] = best;
      if (labelOf(ensemble, sumsOf(ensemble, point, sums)) !== label) return true;
    }
    if (now <= before) return false;
  }
  return false;
}

/** Some features drawn anew within the distance, the others as they are or were. */
function hopped(
  best: { readonly row: Float64Array; readonly far: number },
  row: ArrayLike<number>,
  { lows, highs, scales, whole }: Ground,
  random: Random,
): Float64Array {
  const changed = 0.1 + 0.6 * random.uniform();
  return best.row.map((value, at) => {
    if (random.uniform() > changed) return random.uniform() < 0.5 ? row[at]! : value;
    const drawn = row[at]! + ((2 * random.uniform() - 1) * best.far) / scales[at]!;
    const within = Math.min(highs[at]!, Math.max(lows[at]!, drawn));
    return whole[at] === 1 ? Math.round(within) : Math.fround(within);
  });
}

/** Nearer to a tie than this the order of float32 sums decides: the row itself is asked. */
const tie = 1e-4;

/** Steps from leaf to leaf, at most; each brings the row nearer. */
const mostSteps = 1000;

/**
 * From a row that is answered otherwise towards `row`: the nearest row of the box in which each tree gives the same leaf, then, again and again, the best box that differs in the leaf of one
 * tree and is answered otherwise (Zhang et al. 2020). What it ends with is answered otherwise, and no such box next to its own is nearer. Of float32 numbers, as
 * thresholds have them, and on the ground.
 */
export function nearerByLeaves(leaves: Leaves, row: ArrayLike<number>, label: number, from: Float64Array, norm: Norm): Float64Array {
  const { ensemble, ground, bounds, ofTree } = leaves;
  const rivals = rivalsOf(ensemble, label);
  const own = Int32Array.from(ensemble.roots, (root) => leafOf(ensemble, root, from));
  const box = boxOf(leaves, own);
  const best = new Float64Array(from.length);
  let far = lengthOf(awayFrom(row, box, norm, ground.scales, best), row, best, ground);
  const tried = new Float64Array(from.length);
  const boxes = besidesOf(leaves);
  for (let step = 0; step < mostSteps; step++) {
    boxes.take(own);
    const sums = rivals.map(({ leaves: adds, base }) => own.reduce((sum, leaf) => sum + adds[leaf]!, base));
    const found = { tree: -1, leaf: -1, far };
    for (let tree = 0; tree < own.length; tree++) {
      const others = boxes.without(tree);
      for (const leaf of ofTree[tree]!) {
        if (leaf === own[tree]) continue;
        const lead = Math.max(...rivals.map(({ leaves: adds }, at) => sums[at]! - adds[own[tree]!]! + adds[leaf]!));
        if (lead < -tie || !meets(others, bounds[leaf]!)) continue;
        const restored = narrow(others, bounds[leaf]!);
        const away = lengthOf(awayFrom(row, others, norm, ground.scales, tried), row, tried, ground);
        restored();
        if (away >= found.far || (lead < tie && labelOf(ensemble, sumsOf(ensemble, tried)) === label)) continue;
        Object.assign(found, { tree, leaf, far: away });
        best.set(tried);
      }
    }
    if (found.tree < 0) break;
    own[found.tree] = found.leaf;
    far = found.far;
  }
  return best;
}

/** Distances of Linf alone stand still where two features lie as far away: the sum of all, a thousandth of it, tells those rows apart. */
function lengthOf(far: number, row: ArrayLike<number>, point: Float64Array, { scales }: Ground): number {
  let sum = 0;
  for (let at = 0; at < point.length; at++) sum += Math.abs(point[at]! - row[at]!) * scales[at]!;
  return far + (1e-3 * sum) / point.length;
}

interface Box {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** Where every tree gives these leaves. */
function boxOf({ ground, bounds }: Leaves, own: Int32Array): Box {
  const box = { lows: ground.lows.slice(), highs: ground.highs.slice() };
  for (const leaf of own) cutTo(box, 0, bounds[leaf]!);
  return box;
}

function cutTo({ lows, highs }: Box, from: number, bounds: readonly Bound[]): void {
  for (const { feature, low, high } of bounds) {
    if (low > lows[from + feature]!) lows[from + feature] = low;
    if (high < highs[from + feature]!) highs[from + feature] = high;
  }
}

/** Where every tree but one gives its leaf: what those before it leave, and what those after it do, kept for all trees at once. */
function besidesOf({ ground, bounds, ofTree }: Leaves) {
  const [trees, width] = [ofTree.length, ground.lows.length];
  const room = () => ({ lows: new Float64Array((trees + 1) * width), highs: new Float64Array((trees + 1) * width) });
  const [before, after] = [room(), room()];
  const box = { lows: new Float64Array(width), highs: new Float64Array(width) };
  const copy = (into: Box, from: number, to: number) => {
    into.lows.copyWithin(to * width, from * width, (from + 1) * width);
    into.highs.copyWithin(to * width, from * width, (from + 1) * width);
  };
  return {
    take(own: Int32Array): void {
      before.lows.set(ground.lows);
      before.highs.set(ground.highs);
      after.lows.set(ground.lows, trees * width);
      after.highs.set(ground.highs, trees * width);
      for (let tree = 0; tree < trees; tree++) {
        copy(before, tree, tree + 1);
        cutTo(before, (tree + 1) * width, bounds[own[tree]!]!);
      }
      for (let tree = trees - 1; tree >= 0; tree--) {
        copy(after, tree + 1, tree);
        cutTo(after, tree * width, bounds[own[tree]!]!);
      }
    },
    without(tree: number): Box {
      for (let at = 0; at < width; at++) {
        box.lows[at] = Math.max(before.lows[tree * width + at]!, after.lows[(tree + 1) * width + at]!);
        box.highs[at] = Math.min(before.highs[tree * width + at]!, after.highs[(tree + 1) * width + at]!);
      }
      return box;
    },
  };
}

const meets = ({ lows, highs }: Box, bounds: readonly Bound[]) =>
  bounds.every(({ feature, low, high }) => low <= highs[feature]! && high >= lows[feature]!);

/** In place, until the answer is called. */
function narrow({ lows, highs }: Box, bounds: readonly Bound[]): () => void {
  const before = bounds.map(({ feature }) => [feature, lows[feature]!, highs[feature]!] as const);
  for (const { feature, low, high } of bounds) {
    lows[feature] = Math.max(lows[feature]!, low);
    highs[feature] = Math.min(highs[feature]!, high);
  }
  return () => {
    for (const [feature, low, high] of before) [lows[feature], highs[feature]] = [low, high];
  };
}
