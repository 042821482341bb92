import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Points, Victim } from "../attack.ts";
import { linear, victimOf } from "../testing/victims.ts";
import { expected, isRandomised } from "./expected.ts";

const random = seededRandom(21, "expected");
const [width, classes, rows] = [5, 3, 6];
const model = linear(
  Float64Array.from({ length: width * classes }, () => random.normal()),
  new Float64Array(classes),
);
const points: Points = { rows, width, values: Float32Array.from({ length: rows * width }, () => random.uniform()) };

/** The linear model behind normal noise on what it is given, as a defence by randomness does. */
function noisy(deviation: number) {
  const inner = victimOf(model);
  const noise = seededRandom(22);
  const moved = (given: Points): Points => ({ ...given, values: given.values.map((each) => each + deviation * noise.normal()) });
  const victim: Victim = {
    ...inner,
    labels: (given) => inner.labels(moved(given)),
    scores: (given) => inner.scores!(moved(given)),
    slopes: (given, ...rest) => inner.slopes!(moved(given), ...rest),
  };
  return { victim, asked: inner.asked };
}

const apart = (a: Float32Array, b: Float32Array) => Math.max(...a.map((each, at) => Math.abs(each - b[at]!)));

describe("the mean of a victim with randomness", () => {
  it("comes to the plain model's scores, losses and gradients as draws grow", async () => {
    const plain = victimOf(model);
    const labels = await plain.labels(points);
    const targets = labels.map((label) => (label + 1) % classes);
    const at = async (draws: number) => {
      const mean = expected(noisy(0.1).victim, draws);
      // A loss that is linear in the logits: of others the mean is another number.
      const slopes = await mean.slopes!(points, labels, "targeted-margin", targets);
      const exact = await plain.slopes!(points, labels, "targeted-margin", targets);
      return [apart(await mean.scores!(points), await plain.scores!(points)), apart(slopes.losses, exact.losses)] as const;
    };
    const [few, many] = [await at(1), await at(900)];
    for (const which of [0, 1] as const) {
      expect(many[which]).toBeLessThan(0.05);
      expect(few[which]).toBeGreaterThan(2 * many[which]);
    }
    expect(await expected(noisy(0.1).victim, 900).labels(points)).toEqual(labels);
  });

  it("is the mean of its draws, each counted", async () => {
    const one = noisy(0.3).victim;
    const drawn = [await one.scores!(points), await one.scores!(points), await one.scores!(points)];
    const { victim, asked } = noisy(0.3);
    const mean = await expected(victim, 3).scores!(points);
    expect(asked()).toBe(3 * rows);
    for (const [at, value] of mean.entries())
      expect(value).toBeCloseTo(
        drawn.reduce((sum, each) => sum + each[at]! / 3, 0),
        5,
      );
  });

  it("without scores takes the most frequent label, and gives no more access than there was", async () => {
    const labels = await victimOf(model).labels(points);
    const { scores: _scores, slopes: _slopes, ...blind } = noisy(0.05).victim;
    const mean = expected({ ...blind, access: "labels" }, 101);
    expect([mean.scores, mean.slopes]).toEqual([undefined, undefined]);
    expect(await mean.labels(points)).toEqual(labels);
  });

  it("over one draw is the victim itself", async () => {
    expect(await expected(victimOf(model), 1).scores!(points)).toEqual(await victimOf(model).scores!(points));
    expect(() => expected(victimOf(model), 0)).toThrow(RangeError);
  });
});

it("randomness shows in scores, and without them in labels; a plain model and rounding are none", async () => {
  expect(await isRandomised(victimOf(model), points)).toBe(false);
  expect(await isRandomised(noisy(1e-7).victim, points)).toBe(false);
  expect(await isRandomised(noisy(0.1).victim, points)).toBe(true);
  const { scores: _scores, slopes: _slopes, ...blind } = noisy(2).victim;
  expect(await isRandomised({ ...blind, access: "labels" }, points)).toBe(true);
  const { scores: _s, slopes: _g, ...plain } = victimOf(model);
  expect(await isRandomised({ ...plain, access: "labels" }, points)).toBe(false);
});
