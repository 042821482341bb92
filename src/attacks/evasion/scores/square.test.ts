import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Goal, Points, Victim } from "../attack.ts";
import { changeToPlane, lengthOf } from "../plane.ts";
import { distance, rowOf } from "../points.ts";
import { strike } from "../strike.ts";
import { linear, victimOf } from "../testing/victims.ts";
import { counter } from "../victims/model.ts";
import { layoutOf, twoHills } from "./layout.ts";
import { square } from "./square.ts";

const random = seededRandom(12, "square");
const [channels, side, rows] = [2, 6, 16];
const width = channels * side * side;
const weights = Float64Array.from({ length: 2 * width }, () => random.normal());
const bias = -0.5 * weights.subarray(0, width).reduce((sum, each, at) => sum + each - weights[width + at]!, 0);
const model = linear(weights, Float64Array.of(bias, 0));
const points: Points = { rows, width, values: Float32Array.from({ length: rows * width }, () => random.uniform()) };
const goal = (norm: Goal["norm"], eps: number, queries: number): Goal => ({ norm, eps, queries, random: seededRandom(4) });
const kinds = { "a row": undefined, "a picture": [channels, side, side], "a picture, colours last": [side, side, channels] } as const;
const asked = Object.entries(kinds).flatMap(([name, shape]) => (["linf", "l2", "l1"] as const).map((norm) => ({ name, shape, norm })));

/** Each row's distance to the plane between the classes, in the box. */
function exact(norm: "linf" | "l2" | "l1"): Float64Array {
  const box = { lows: new Float32Array(width), highs: new Float32Array(width).fill(1) };
  const difference = Float32Array.from({ length: width }, (_, at) => weights[at]! - weights[width + at]!);
  return Float64Array.from({ length: rows }, (_, row) =>
    lengthOf(
      norm,
      changeToPlane(norm, { row: rowOf(points.values, row, width), weights: difference, offset: bias, box }, new Float64Array(width)),
    ),
  );
}

describe.each(asked)("Square on $name in $norm", ({ shape, norm }) => {
  it("fools no point whose exact distance is above eps, and those far below it", async () => {
    const victim: Victim = { ...victimOf(model), shape };
    const labels = await victim.labels(points);
    const nearest = exact(norm);
    const eps = nearest.toSorted()[rows - 2]! * 1.01;
    const { fooled, invalid } = await strike(square(), { victim, judge: victim }, points, labels, goal(norm, eps, 600));
    expect(invalid).toBe(0);
    const near = norm === "l1" ? 0.2 : 0.5;
    expect(nearest.some((each) => each < near * eps)).toBe(true);
    for (let row = 0; row < rows; row++) {
      if (nearest[row]! > eps) expect(fooled[row]).toBe(0);
      else if (nearest[row]! < near * eps) expect(fooled[row], `row ${row}: ${nearest[row]} of ${eps}`).toBe(1);
    }
  });

  it("proposes only points within eps and the box that keep what is frozen, whatever eps is", async () => {
    const frozen = Uint8Array.from({ length: width }, (_, at) => Number(at % 5 === 0));
    const inner = victimOf(model);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 1e-3, max: 10, noNaN: true }), fc.integer(), async (eps, seed) => {
        const victim: Victim = {
          ...inner,
          shape,
          frozen,
          scores: (given) => {
            for (let row = 0; row < given.rows; row++) {
              const value = rowOf(given.values, row, width);
              const start = rowOf(points.values, row, width);
              expect(distance(norm, value, start)).toBeLessThanOrEqual(eps * (1 + 1e-5) + 1e-5);
              expect(value.every((each, at) => each >= 0 && each <= 1 && (frozen[at] === 0 || each === start[at]))).toBe(true);
            }
            return inner.scores!(given);
          },
        };
        const two = { rows: 1, width, values: points.values.slice(0, width) };
        await square().propose(victim, two, await inner.labels(two), { ...goal(norm, eps, 25), random: seededRandom(seed) });
      }),
      { numRuns: 20 },
    );
  });
});

it("asks each point that stands exactly its queries, and no more once it falls", async () => {
  const victim = victimOf(model);
  const labels = await victim.labels(points);
  const before = victim.asked();
  await square({ queries: 40 }).propose(victim, points, labels, goal("linf", 1e-6, 1000));
  expect(victim.asked() - before).toBe(rows * 40);
  const then = victim.asked();
  const { values } = await square().propose(victim, points, labels, goal("linf", 1, 1000));
  expect(victim.asked() - then).toBeLessThan(rows * 100);
  expect((await victim.labels({ ...points, values })).every((each, row) => each !== labels[row])).toBe(true);
});

it("keeps what it found when the victim's own budget ends, and is the same twice", async () => {
  const victim = victimOf(model);
  const labels = await victim.labels(points);
  const run = async () => {
    const { count } = counter(rows * 30);
    const scores: Victim["scores"] = async (given) => {
      count(given.rows);
      return victim.scores!(given);
    };
    return (await square().propose({ ...victim, scores }, points, labels, goal("linf", 0.2, 1000))).values;
  };
  const found = await run();
  expect(await run()).toEqual(found);
  const answers = await victim.labels({ ...points, values: found });
  expect(answers.some((each, row) => each !== labels[row])).toBe(true);
});

it("without scores or a bound says what to do", async () => {
  const victim = victimOf(model);
  const labels = await victim.labels(points);
  await expect(square().propose(victim, points, labels, { ...goal("l2", 1, 10), eps: null })).rejects.toMatchObject({
    code: "ATTACK_UNFIT",
  });
  const blind: Victim = { ...victim, scores: undefined as never };
  await expect(square().propose(blind, points, labels, goal("l2", 1, 10))).rejects.toMatchObject({ code: "ATTACK_UNFIT" });
});

it("a pattern has length 1, one half up and the other down", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.integer(), (size, seed) => {
      const pattern = twoHills(size, seededRandom(seed));
      expect(pattern.reduce((sum, each) => sum + each * each, 0)).toBeCloseTo(1, 10);
      expect(pattern.filter((each) => each > 0).length).toBe(Math.floor(size / 2) * size);
      expect(pattern.filter((each) => each < 0).length).toBe(Math.ceil(size / 2) * size);
    }),
  );
});

it("a patch of a picture is a square in each colour, wherever the colours stand", () => {
  const spread = ({ shape }: { readonly shape: readonly number[] }, place: (feature: number) => readonly [number, number, number]) => {
    const groups = layoutOf({ ...victimOf(model), shape }).patch(0.25, seededRandom(1));
    expect(groups.length).toBe(channels);
    return groups.map((group) => {
      const places = Array.from(group, place);
      expect(new Set(places.map(([channel]) => channel)).size).toBe(1);
      const across = (axis: 1 | 2) => new Set(places.map((each) => each[axis])).size;
      expect([across(1), across(2), group.length]).toEqual([3, 3, 9]);
      return places.map(([, y, x]) => [y, x]);
    });
  };
  const first = spread({ shape: [channels, side, side] }, (at) => [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side]);
  const last = spread({ shape: [side, side, channels] }, (at) => [
    at % channels,
    Math.floor(at / channels / side),
    Math.floor(at / channels) % side,
  ]);
  expect(first).toEqual(last);
  expect(first[0]).toEqual(first[1]);
});
