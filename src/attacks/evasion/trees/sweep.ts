import type { Cut, Rival } from "./boxes.ts";
import type { Ensemble } from "./ensemble.ts";

/** What a feature alone can do, made once for an ensemble. */
export interface Sweeps {
  readonly cuts: readonly Cut[];
  /** Of each feature, the values on both sides of every threshold, ascending. */
  readonly sides: readonly Float64Array[];
  /** Of each node, the place of its high side's first value among its feature's. */
  readonly places: Int32Array;
}

export function sweepsOf(cuts: readonly Cut[], width: number): Sweeps {
  const values: Set<number>[] = Array.from({ length: width }, () => new Set());
  for (const { feature, last, first } of cuts) values[feature]!.add(last).add(first);
  const sides = values.map((each) => Float64Array.from(each).sort());
  const places = Int32Array.from(cuts, ({ feature, first }) => sides[feature]!.indexOf(first));
  return { cuts, sides, places };
}

/** The sum of each rival at each value of one feature's sides, the other features as at `point`: one walk of each tree for all values, in float64. Rivals row by row. */
export function sumsAlong(
  { roots, yes, no }: Ensemble,
  { cuts, sides, places }: Sweeps,
  rivals: readonly Rival[],
  point: Float64Array,
  feature: number,
): readonly Float64Array[] {
  const count = sides[feature]!.length;
  // What is added from a place on; the sums over places follow in the end.
  const steps = rivals.map(({ base }) => Float64Array.from({ length: count + 1 }, (_, at) => (at === 0 ? base : 0)));
  const spread = (at: number, from: number, to: number) => {
    let node = at;
    while (node >= 0 && cuts[node]!.feature !== feature) {
      const { feature: other, last, isLowYes } = cuts[node]!;
      node = point[other]! <= last === isLowYes ? yes[node]! : no[node]!;
    }
    if (node < 0) {
      for (const [rank, { leaves }] of rivals.entries()) {
        steps[rank]![from]! += leaves[~node]!;
        steps[rank]![to]! -= leaves[~node]!;
      }
      return;
    }
    const [low, high] = cuts[node]!.isLowYes ? [yes[node]!, no[node]!] : [no[node]!, yes[node]!];
    const middle = Math.min(to, Math.max(from, places[node]!));
    if (middle > from) spread(low, from, middle);
    if (middle < to) spread(high, middle, to);
  };
  for (const root of roots) spread(root, 0, count);
  return steps.map((each) => {
    let sum = 0;
    return each.subarray(0, count).map((step) => {
      sum += step;
      return sum;
    });
  });
}
