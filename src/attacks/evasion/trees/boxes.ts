import { Problem } from "../../../base/index.ts";
import type { Norm } from "../attack.ts";
import type { Ensemble, Mode } from "./ensemble.ts";
import { floatBelow, nextFloat } from "./floats.ts";

/** Rows between these, both included: one number for each feature that the trees ask about. */
export interface Ranges {
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/** What distances are measured in, and where rows can lie. */
export interface Ground extends Ranges {
  /** A feature's change counts times this. */
  readonly scales: Float64Array;
  /** 1 for features that hold whole numbers alone. */
  readonly whole: Uint8Array;
}

const most = 3.4028234663852886e38;

/** All of float32, each feature in its own unit. */
export const anywhere = (width: number): Ground => ({
  lows: new Float64Array(width).fill(-most),
  highs: new Float64Array(width).fill(most),
  scales: new Float64Array(width).fill(1),
  whole: new Uint8Array(width),
});

/** How a node parts the values of its feature: up to `last` and beyond it. */
export interface Cut {
  readonly feature: number;
  /** The greatest float32, or whole number, of the low side. */
  readonly last: number;
  /** The least of the high side. */
  readonly first: number;
  readonly isLowYes: boolean;
}

/** Each node's cut, in float32. Throws ATTACK_UNFIT for nodes that part a feature into more than two ranges. */
export function cutsOf({ modes, splits, features }: Ensemble, whole: Uint8Array): readonly Cut[] {
  return modes.map((mode, at) => cutOf(mode, splits[at]!, features[at]!, whole[features[at]!] === 1));
}

function cutOf(mode: Mode, split: number, feature: number, isWhole: boolean): Cut {
  if (mode === "BRANCH_EQ" || mode === "BRANCH_NEQ" || mode === "BRANCH_MEMBER")
    throw new Problem("ATTACK_UNFIT", `the trees branch by ${mode}, and the search through their leaves knows thresholds alone`, {
      remedy: "Choose an attack by scores or labels.",
    });
  const isBelow = mode === "BRANCH_LT" || mode === "BRANCH_GTE";
  const below = floatBelow(split);
  const last = isBelow && below === split ? nextFloat(below, "down") : below;
  const isLowYes = mode === "BRANCH_LEQ" || mode === "BRANCH_LT";
  if (isWhole) return { feature, last: Math.floor(last), first: Math.floor(last) + 1, isLowYes };
  return { feature, last, first: nextFloat(last, "up"), isLowYes };
}

/** How far the nearest row of some ranges lies from a row; row by feature in `into`, if it is given. */
export function awayFrom(row: ArrayLike<number>, { lows, highs }: Ranges, norm: Norm, scales: Float64Array, into?: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < lows.length; at++) {
    const value = row[at]!;
    const nearest = Math.min(highs[at]!, Math.max(lows[at]!, value));
    if (into !== undefined) into[at] = nearest;
    const far = Math.abs(nearest - value) * scales[at]!;
    if (norm === "linf") sum = Math.max(sum, far);
    else sum += norm === "l2" ? far * far : norm === "l1" ? far : Number(far > 0);
  }
  return norm === "l2" ? Math.sqrt(sum) : sum;
}

/** A way to another answer: what each leaf adds to it, and what is added to all. The answer changes where the sum is above 0, or at it. */
export interface Rival {
  readonly leaves: Float64Array;
  readonly base: number;
}

/** For each other answer its lead over the label's. Throws ATTACK_UNFIT for regressions and for what is not a sum. */
export function rivalsOf(ensemble: Ensemble, label: number): readonly Rival[] {
  const { binary, outputs, aggregate, bases } = ensemble;
  if (outputs < 2 || aggregate !== "SUM")
    throw new Problem("ATTACK_UNFIT", "these trees give no classes", { remedy: "Choose an attack by scores or labels." });
  if (binary !== null) {
    const sign = label === 1 ? -1 : 1;
    return [rival(ensemble, (target) => (target === binary.of ? sign : 0), sign * ((bases[binary.of] ?? 0) - binary.limit))];
  }
  const others = Array.from({ length: outputs }, (_, at) => at).filter((at) => at !== label);
  return others.map((other) =>
    rival(ensemble, (target) => Number(target === other) - Number(target === label), (bases[other] ?? 0) - (bases[label] ?? 0)),
  );
}

function rival({ from, targets, weights }: Ensemble, sign: (target: number) => number, base: number): Rival {
  const leaves = new Float64Array(from.length - 1);
  for (let leaf = 0; leaf < leaves.length; leaf++)
    for (let at = from[leaf]!; at < from[leaf + 1]!; at++) leaves[leaf]! += sign(targets[at]!) * weights[at]!;
  return { leaves, base };
}

/** What float32 may add to a sum of all trees: no answer is ruled out nearer to a tie than this. */
export function slackOf({ roots, weights }: Ensemble): number {
  const greatest = weights.reduce((found, weight) => Math.max(found, Math.abs(weight)), 0);
  return roots.length * greatest * 2 ** -22 * Math.sqrt(roots.length);
}
