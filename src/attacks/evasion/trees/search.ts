import type { Norm } from "../attack.ts";
import { awayFrom, type Cut, cutsOf, type Ground, rivalsOf } from "./boxes.ts";
import { type Ensemble, labelOf, leafOf, sumsOf } from "./ensemble.ts";

/** Leaves as boxes, made once for an ensemble. */
export interface Leaves {
  readonly ensemble: Ensemble;
  readonly ground: Ground;
  /** Of each leaf, the features that its path asks about, with what they can be there; of each tree, its leaves. */
  readonly bounds: readonly (readonly Bound[])[];
  readonly ofTree: readonly Int32Array[];
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
  return { ensemble, ground, bounds, ofTree };
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
  for (let step = 0; step < mostSteps; step++) {
    const sums = rivals.map(({ leaves: adds, base }) => own.reduce((sum, leaf) => sum + adds[leaf]!, base));
    const found = { tree: -1, leaf: -1, far };
    for (let tree = 0; tree < own.length; tree++) {
      const others = boxOf(leaves, own, tree);
      for (const leaf of ofTree[tree]!) {
        if (leaf === own[tree]) continue;
        // Near a tie float32 decides: the row itself is asked.
        const lead = Math.max(...rivals.map(({ leaves: adds }, at) => sums[at]! - adds[own[tree]!]! + adds[leaf]!));
        if (lead < -1e-4 || !meets(others, bounds[leaf]!)) continue;
        const restored = narrow(others, bounds[leaf]!);
        const away = lengthOf(awayFrom(row, others, norm, ground.scales, tried), row, tried, ground);
        restored();
        if (away >= found.far || labelOf(ensemble, sumsOf(ensemble, tried)) === label) continue;
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

/** Where every tree but one gives these leaves. */
function boxOf({ ground, bounds }: Leaves, own: Int32Array, but = -1): Box {
  const box = { lows: ground.lows.slice(), highs: ground.highs.slice() };
  own.forEach((leaf, tree) => {
    if (tree === but) return;
    for (const { feature, low, high } of bounds[leaf]!) {
      if (low > box.lows[feature]!) box.lows[feature] = low;
      if (high < box.highs[feature]!) box.highs[feature] = high;
    }
  });
  return box;
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
