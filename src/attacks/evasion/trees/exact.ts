import type { Norm } from "../attack.ts";
import { awayFrom, type Cut, cutsOf, type Ground, type Ranges, type Rival, rivalsOf, slackOf } from "./boxes.ts";
import { type Ensemble, labelOf, sumsOf } from "./ensemble.ts";
import { heapOf } from "./heap.ts";

/** The nearest row with another answer; or, where the search ended early, how near none is. */
export interface Nearest {
  /** No row nearer than this is answered otherwise. Infinity: none at all on the ground. */
  readonly distance: number;
  /** At that distance; null where there is none, or the search ended early. */
  readonly row: Float64Array | null;
  readonly isExact: boolean;
}

interface Open extends Ranges {
  readonly far: number;
}

/** Parts of the space that are looked at, at most. */
const mostParts = 20_000;

/**
 * The exact distance of a row to another answer of trees, over all rows of float32 numbers on the ground: branch and bound over boxes, the nearest first. A box is given up where even the best leaf of each tree
 * that it reaches changes nothing (the bound of Chen et al. 2019 with one tree a clique), and is the answer where its nearest row is answered otherwise. The
 * problem is that of Kantchelian et al. 2016, and hard: for small ensembles. Throws ATTACK_UNFIT.
 */
export function nearestOther(
  ensemble: Ensemble,
  row: ArrayLike<number>,
  label: number,
  norm: Norm,
  ground: Ground,
  parts = mostParts,
): Nearest {
  const cuts = cutsOf(ensemble, ground.whole);
  const rivals = rivalsOf(ensemble, label);
  const slack = slackOf(ensemble);
  const open = heapOf<Open>(({ far }) => far);
  const start = { lows: ground.lows, highs: ground.highs };
  open.push({ ...start, far: awayFrom(row, start, norm, ground.scales) });
  const nearest = new Float64Array(ground.lows.length);
  for (let looked = 0; ; looked++) {
    const box = open.pop();
    if (box === undefined) return { distance: Number.POSITIVE_INFINITY, row: null, isExact: true };
    if (looked === parts) return { distance: box.far, row: null, isExact: false };
    awayFrom(row, box, norm, ground.scales, nearest);
    if (labelOf(ensemble, sumsOf(ensemble, nearest)) !== label) return { distance: box.far, row: nearest, isExact: true };
    const cut = undecided(ensemble, cuts, rivals, slack, box);
    if (cut === null) continue;
    for (const half of halves(box, cut)) open.push({ ...half, far: awayFrom(row, half, norm, ground.scales) });
  }
}

function halves({ lows, highs }: Ranges, { feature, last, first }: Cut): readonly Ranges[] {
  return [
    { lows, highs: highs.with(feature, last) },
    { lows: lows.with(feature, first), highs },
  ];
}

/** A cut through the box, of the tree whose leaves there differ most; null where no row of the box can be answered otherwise, or all are answered alike. */
function undecided(ensemble: Ensemble, cuts: readonly Cut[], rivals: readonly Rival[], slack: number, box: Ranges): Cut | null {
  let best: Cut | null = null;
  let widest = 0;
  let isPossible = false;
  for (const { leaves, base } of rivals) {
    let lead = base;
    let wide = 0;
    let cut: Cut | null = null;
    for (const root of ensemble.roots) {
      const reached = reach(ensemble, cuts, leaves, box, root);
      lead += reached.most;
      if (reached.cut === null || reached.most - reached.least <= wide) continue;
      wide = reached.most - reached.least;
      cut = reached.cut;
    }
    if (lead < -slack) continue;
    isPossible = true;
    if (wide > widest) [best, widest] = [cut, wide];
  }
  return isPossible ? best : null;
}

interface Reached {
  most: number;
  least: number;
  /** The topmost node whose two sides the box both meets. */
  cut: Cut | null;
}

function reach({ yes, no }: Ensemble, cuts: readonly Cut[], leaves: Float64Array, { lows, highs }: Ranges, root: number): Reached {
  const found: Reached = { most: Number.NEGATIVE_INFINITY, least: Number.POSITIVE_INFINITY, cut: null };
  const stack = [root];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at < 0) {
      found.most = Math.max(found.most, leaves[~at]!);
      found.least = Math.min(found.least, leaves[~at]!);
      continue;
    }
    const cut = cuts[at]!;
    const meetsLow = lows[cut.feature]! <= cut.last;
    const meetsHigh = highs[cut.feature]! >= cut.first;
    if (meetsLow && meetsHigh) found.cut ??= cut;
    if (meetsLow) stack.push(cut.isLowYes ? yes[at]! : no[at]!);
    if (meetsHigh) stack.push(cut.isLowYes ? no[at]! : yes[at]!);
  }
  return found;
}
