import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Goal, Points, Victim } from "../attack.ts";
import { changeToPlane, lengthOf } from "../plane.ts";
import { distance, rowOf } from "../points.ts";
import { strike } from "../strike.ts";
import { linear, victimOf } from "../testing/victims.ts";
import { counter } from "../victims/model.ts";
import { blend, toBoundary } from "./boundary.ts";
import { hopSkipJump } from "./hopskipjump.ts";

const random = seededRandom(11, "hopskipjump");
const [width, rows] = [10, 12];
/** Two classes: one plane, so that the nearest point is known. */
const weights = Float64Array.from({ length: 2 * width }, () => random.normal());
const bias = -0.5 * weights.subarray(0, width).reduce((sum, each, at) => sum + each - weights[width + at]!, 0);
const model = linear(weights, Float64Array.of(bias, 0));
const points: Points = { rows, width, values: Float32Array.from({ length: rows * width }, () => random.uniform()) };
const labelsOf = (victim: Victim) => victim.labels(points);
const goal = (norm: Goal["norm"], queries: number, more: Partial<Goal> = {}): Goal => ({
  norm,
  eps: null,
  queries,
  random: seededRandom(3),
  ...more,
});

/** Each row's distance to the plane between the classes, in the box. */
function exact(norm: "l2" | "linf", low: number, high: number): Float64Array {
  const box = { lows: new Float32Array(width).fill(low), highs: new Float32Array(width).fill(high) };
  const difference = Float32Array.from({ length: width }, (_, at) => weights[at]! - weights[width + at]!);
  return Float64Array.from({ length: rows }, (_, row) => {
    const here = rowOf(points.values, row, width);
    return lengthOf(norm, changeToPlane(norm, { row: here, weights: difference, offset: bias, box }, new Float64Array(width)));
  });
}

describe.each(["l2", "linf"] as const)("HopSkipJump in %s", (norm) => {
  it("comes near the exact distance of a linear model by labels alone, and never below it", async () => {
    const { labels: ask, ...rest } = victimOf(model);
    const victim: Victim = { ...rest, access: "labels", labels: ask, scores: undefined as never, slopes: undefined as never };
    const { distances, fooled, invalid } = await strike(
      hopSkipJump(),
      { victim, judge: victimOf(model) },
      points,
      await labelsOf(victim),
      goal(norm, 4000),
    );
    expect(invalid).toBe(0);
    expect(fooled.every((each) => each === 1)).toBe(true);
    const nearest = exact(norm, 0, 1);
    for (let row = 0; row < rows; row++) {
      expect(distances[row]).toBeGreaterThanOrEqual(nearest[row]! * (1 - 1e-5));
      expect(distances[row]! / nearest[row]!, `row ${row}`).toBeLessThan(norm === "l2" ? 1.03 : 1.15);
    }
  });

  it("comes nearer with more queries, as its own trace and a fresh forward pass both say", async () => {
    const victim = victimOf(model);
    const marks = [100, 400, 1600];
    const { values, trace } = await hopSkipJump().propose(victim, points, await labelsOf(victim), goal(norm, 1600, { marks }));
    const at = (mark: number, row: number) => trace![mark * rows + row]!;
    for (let row = 0; row < rows; row++) {
      expect(at(0, row)).toBeGreaterThanOrEqual(at(1, row));
      expect(at(1, row)).toBeGreaterThanOrEqual(at(2, row));
      expect(distance(norm, rowOf(values, row, width), rowOf(points.values, row, width))).toBe(at(2, row));
    }
  });
});

it("asks for all points together no more than the goal allows for each", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (queries) => {
      const victim = victimOf(model);
      const labels = await labelsOf(victim);
      const before = victim.asked();
      await hopSkipJump().propose(victim, points, labels, goal("l2", queries));
      expect(victim.asked() - before).toBeLessThanOrEqual(rows * queries);
    }),
    { numRuns: 25 },
  );
});

it("keeps what it found when the victim's own budget ends", async () => {
  const victim = victimOf(model);
  const labels = await labelsOf(victim);
  const { count, asked } = counter(rows * 150);
  const short: Victim = {
    ...victim,
    labels: async (given) => {
      count(given.rows);
      return victim.labels(given);
    },
  };
  const { values } = await hopSkipJump().propose(short, points, labels, goal("l2", 5000));
  expect(asked()).toBeLessThanOrEqual(rows * 150);
  const answers = await victim.labels({ ...points, values });
  expect(answers.every((each, row) => each !== labels[row])).toBe(true);
});

it("finds the same twice, whatever else is attacked beside a point and however questions are batched", async () => {
  const victim = victimOf(model);
  const labels = await labelsOf(victim);
  const run = async (count: number, batch: number) => {
    const some = { rows: count, width, values: points.values.slice(0, count * width) };
    return (await hopSkipJump().propose({ ...victim, batch }, some, labels.slice(0, count), goal("l2", 600))).values;
  };
  const all = await run(rows, 64);
  expect(await run(rows, 64)).toEqual(all);
  expect(await run(4, 7)).toEqual(all.slice(0, 4 * width));
});

it("leaves a point as soon as it is within eps, and gives starts for those that are not", async () => {
  const victim = victimOf(model);
  const labels = await labelsOf(victim);
  const nearest = exact("l2", 0, 1);
  const eps = nearest.toSorted()[rows / 2]! * 1.3;
  const before = victim.asked();
  const { values } = await hopSkipJump().propose(victim, points, labels, goal("l2", 3000, { eps }));
  const far = Float64Array.from({ length: rows }, (_, row) => distance("l2", rowOf(values, row, width), rowOf(points.values, row, width)));
  const within = nearest.filter((each) => each < eps).length;
  expect(far.filter((each) => each > 0).length).toBe(within);
  expect(far.every((each) => each <= eps)).toBe(true);
  expect(victim.asked() - before).toBeLessThan(rows * 3000 - within * 1500);
});

it("changes no frozen feature, and starts from rows of other answers where they are given", async () => {
  const frozen = Uint8Array.from({ length: width }, (_, at) => Number(at % 3 === 0));
  const victim = { ...victimOf(model), frozen };
  const labels = await labelsOf(victim);
  const attack = hopSkipJump({ starts: { points, answers: labels } });
  const { fooled, values, invalid } = await strike(attack, { victim, judge: victim }, points, labels, goal("l2", 500));
  expect(invalid).toBe(0);
  expect(fooled.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(rows / 2);
  for (let at = 0; at < values.length; at++) if (frozen[at % width] === 1) expect(values[at]).toBe(points.values[at]);
});

it("gives the start where nothing fools the model", async () => {
  const constant = linear(new Float64Array(2 * width), Float64Array.of(1, 0));
  const victim = victimOf(constant);
  const { values } = await hopSkipJump().propose(victim, points, await labelsOf(victim), goal("l2", 300));
  expect(values).toEqual(points.values);
});

it("on the way to a start, the blend's distance is its share of the whole", () => {
  const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: width, maxLength: width });
  fc.assert(
    fc.property(values, values, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, share) => {
      const [start, far] = [Float32Array.from(from), Float32Array.from(to)];
      for (const norm of ["l2", "linf"] as const) {
        const made = new Float32Array(width);
        blend(norm, start, far, share, made);
        expect(distance(norm, made, start)).toBeCloseTo(share * distance(norm, far, start), 5);
      }
    }),
  );
});

it("halvings bring a point to within their share of the boundary", async () => {
  const labels = await labelsOf(victimOf(model));
  const far = Float32Array.from(points.values, (value) => 1 - value);
  const erring = (await victimOf(model).labels({ ...points, values: far })).map((each, row) => Number(each !== labels[row]));
  const owners = Int32Array.from(erring.keys()).filter((row) => erring[row] === 1);
  expect(owners.length).toBeGreaterThan(0);
  const fars = new Float32Array(owners.length * width);
  owners.forEach((row, at) => {
    fars.set(rowOf(far, row, width), at * width);
  });
  const fooled = async (asked: Int32Array, values: Float32Array) => {
    const answers = await victimOf(model).labels({ rows: asked.length, width, values });
    return Uint8Array.from(asked, (row, at) => Number(answers[at] !== labels[row]));
  };
  const spends = { found: null as never, trace: null as never, left: () => 100, fooled, margins: null as never };
  const reached = await toBoundary({ points, norm: "l2", spends }, owners, fars, 12);
  const nearer = new Float32Array(reached.length);
  owners.forEach((row, at) => {
    const [start, end, whole] = [rowOf(points.values, row, width), rowOf(reached, at, width), rowOf(fars, at, width)];
    const share = distance("l2", end, start) / distance("l2", whole, start);
    blend("l2", start, whole, share - 1.01 * 2 ** -12, rowOf(nearer, at, width));
  });
  expect(await fooled(owners, reached)).toEqual(new Uint8Array(owners.length).fill(1));
  expect(await fooled(owners, nearer)).toEqual(new Uint8Array(owners.length));
});
