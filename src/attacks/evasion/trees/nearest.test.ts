import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Norm } from "../attack.ts";
import { anywhere, awayFrom, type Ground } from "./boxes.ts";
import { type Ensemble, labelOf, sumsOf } from "./ensemble.ts";
import { nearestOther } from "./exact.ts";
import { nextFloat } from "./floats.ts";
import { readEnsemble } from "./read-ensemble.ts";
import { leavesOf, nearerByLeaves } from "./search.ts";
import { type Drawing, drawnTrees, drawnValue } from "./testing/drawn.ts";

const features = 3;
const branching = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"];
const base: Drawing = { trees: 4, depth: 3, features, outputs: 3, modes: branching, transform: "NONE", weights: "any" };
const drawn = (seed: number, drawing: Drawing = base) => readEnsemble(drawnTrees(drawing, seededRandom(seed)), "drawn.onnx");
const answer = (ensemble: Ensemble, row: ArrayLike<number>) => labelOf(ensemble, sumsOf(ensemble, row));
const pointBox = (row: ArrayLike<number>) => ({ lows: Float64Array.from(row), highs: Float64Array.from(row) });
const apart = (a: ArrayLike<number>, b: ArrayLike<number>, norm: Norm, { scales }: Ground) => awayFrom(a, pointBox(b), norm, scales);

/** Going through every row whose features stand at a threshold, next to one, or where they were. */
function bruteForce(ensemble: Ensemble, row: readonly number[], norm: Norm, ground: Ground): number {
  const label = answer(ensemble, row);
  const values = row.map((own, feature) => {
    const splits = Array.from(ensemble.splits).filter((_, at) => ensemble.features[at] === feature);
    const near = splits.flatMap((split) => [split, nextFloat(split, "up"), nextFloat(split, "down")]);
    const all = ground.whole[feature] === 1 ? splits.flatMap((split) => [Math.floor(split), Math.ceil(split)]) : near;
    return [...new Set([own, ...all])].filter((value) => value >= ground.lows[feature]! && value <= ground.highs[feature]!);
  });
  let least = Number.POSITIVE_INFINITY;
  for (const a of values[0]!)
    for (const b of values[1]!)
      for (const c of values[2]!) {
        const far = apart(row, [a, b, c], norm, ground);
        if (far < least && answer(ensemble, [a, b, c]) !== label) least = far;
      }
  return least;
}

const row = (seed: number) => {
  const random = seededRandom(seed, "row");
  return Array.from({ length: features }, () => (random.uniform() < 0.5 ? drawnValue(random) : Math.fround(random.uniform())));
};
const grounds: readonly [string, Ground][] = [
  ["anywhere", anywhere(features)],
  [
    "on a ground with a fixed feature, whole numbers and other scales",
    {
      lows: Float64Array.of(0, 0, 0.25),
      highs: Float64Array.of(1, 1, 0.75),
      scales: Float64Array.of(1, 3, 0.5),
      whole: Uint8Array.of(0, 1, 0),
    },
  ],
];

describe.each(grounds)("the nearest row with another answer, %s,", (_, ground) => {
  const start = (seed: number) =>
    row(seed).map((value, at) =>
      ground.whole[at] === 1 ? Math.round(value) : Math.min(ground.highs[at]!, Math.max(ground.lows[at]!, value)),
    );

  it.each<Norm>(["linf", "l2", "l1", "l0"])("is as near in %s as going through all rows at thresholds finds", (norm) => {
    for (let seed = 1; seed <= 25; seed++) {
      const ensemble = drawn(seed, seed % 2 === 0 ? base : { ...base, outputs: 2, single: 0 });
      const from = start(seed);
      const found = nearestOther(ensemble, from, answer(ensemble, from), norm, ground);
      expect(found.isExact).toBe(true);
      expect(found.distance).toBeCloseTo(bruteForce(ensemble, from, norm, ground), 12);
      if (found.row !== null) expect(answer(ensemble, found.row)).not.toBe(answer(ensemble, from));
    }
  });

  it.each<Norm>(["linf", "l2", "l1"])("is never beaten in %s by the search through leaves, which mostly reaches it", (norm) => {
    let [reached, all] = [0, 0];
    for (let seed = 1; seed <= 25; seed++) {
      const ensemble = drawn(seed, { ...base, trees: 8 });
      const from = start(seed);
      const label = answer(ensemble, from);
      const exact = nearestOther(ensemble, from, label, norm, ground);
      const leaves = leavesOf(ensemble, ground);
      const others = Array.from({ length: 40 }, (__, at) => Float64Array.from(start(1000 * seed + at))).filter(
        (each) => answer(ensemble, each) !== label,
      );
      const found = others.map((other) => nearerByLeaves(leaves, from, label, other, norm));
      for (const each of found) {
        expect(answer(ensemble, each)).not.toBe(label);
        expect(apart(from, each, norm, ground)).toBeGreaterThanOrEqual(exact.distance - 1e-12);
      }
      if (found.length === 0) continue;
      all++;
      if (Math.min(...found.map((each) => apart(from, each, norm, ground))) <= exact.distance + 1e-9) reached++;
    }
    expect(all).toBeGreaterThan(10);
    expect(reached / all).toBeGreaterThanOrEqual(0.8);
  });
});

it("a search that ends early says how near no other answer is", () => {
  const ensemble = drawn(3, { ...base, trees: 8 });
  const from = row(3);
  const label = answer(ensemble, from);
  const whole = nearestOther(ensemble, from, label, "linf", anywhere(features));
  const early = nearestOther(ensemble, from, label, "linf", anywhere(features), 1);
  expect(early).toMatchObject({ isExact: false, row: null });
  expect(early.distance).toBeLessThanOrEqual(whole.distance);
});
