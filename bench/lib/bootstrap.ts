import { type Random, seededRandom } from "../../src/base/index.ts";

const draws = 2000;

/** The middle 95 % of a figure over draws, with replacement, of the same points for both sides. */
export function pairedInterval(
  points: number,
  figure: (rows: Int32Array) => number,
  random: Random = seededRandom(1),
): readonly [number, number] {
  const figures = Float64Array.from({ length: draws }, () =>
    figure(Int32Array.from({ length: points }, () => random.integer(points))),
  ).sort();
  return [figures[Math.floor(0.025 * draws)] ?? Number.NaN, figures[Math.ceil(0.975 * draws) - 1] ?? Number.NaN];
}
