import { expect, it } from "vitest";
import type { Points, Victim } from "../../../attacks/index.ts";
import { seededRandom } from "../../../base/index.ts";
import { steadyOf } from "./steady.ts";

const points: Points = { rows: 6, width: 1, values: Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1) };

/** Scores of two classes, with normal noise of this size. */
function victimOf(noise: number): Victim & { asked: number } {
  const random = seededRandom(1);
  const scores = async ({ values }: Points) => {
    victim.asked += values.length;
    return Float32Array.from({ length: 2 * values.length }, (_, at) => (at % 2) * values[Math.floor(at / 2)]! + noise * random.normal());
  };
  const box = { lows: Float32Array.of(0), highs: Float32Array.of(1) };
  const victim: Victim & { asked: number } = {
    access: "scores",
    width: 1,
    classes: 2,
    ...box,
    batch: 8,
    asked: 0,
    scores,
    labels: async () => new Int32Array(6),
  };
  return victim;
}

it("asks a model that always answers the same as it is, and of one with randomness for the mean of its answers", async () => {
  const still = victimOf(0);
  expect((await steadyOf(still, points))(still)).toBe(still);
  const noisy = victimOf(0.1);
  const steady = (await steadyOf(noisy, points))(noisy);
  const before = noisy.asked;
  const scores = await steady.scores?.(points);
  expect(noisy.asked - before).toBe(10 * points.rows);
  // The mean of ten: noise of 0.032, far within 0.16.
  expect([...points.values].every((value, at) => Math.abs(scores![2 * at + 1]! - value) < 0.16)).toBe(true);
});

it("asks nothing where there are no rows", async () => {
  const noisy = victimOf(1);
  await steadyOf(noisy, { rows: 0, width: 1, values: new Float32Array() });
  expect(noisy.asked).toBe(0);
});
