import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { parseRule, type Table } from "../../../data/index.ts";
import type { Attack, Goal, Norm, Points } from "../attack.ts";
import { inTurn } from "../ensemble.ts";
import { distance, rowOf } from "../points.ts";
import { tableSpace } from "../space/tables.ts";
import { strike } from "../strike.ts";
import { linear, net, victimOf } from "../testing/victims.ts";
import { capgd } from "./capgd.ts";
import { changesOf, costOf } from "./changes.ts";
import { constraintsOf } from "./constraints.ts";
import { moeva } from "./moeva.ts";

const housings = ["free", "own", "rent"];
const table = (rows: readonly (readonly number[])[]): Table => ({
  rows: rows.length,
  columns: {
    age: { kind: "number", values: Float64Array.from(rows, (row) => row[0]!) },
    loan: { kind: "number", values: Float64Array.from(rows, (row) => row[1]!) },
    months: { kind: "number", values: Float64Array.from(rows, (row) => row[2]!) },
    instalment: { kind: "number", values: Float64Array.from(rows, (row) => row[3]!) },
    housing: { kind: "text", codes: Int32Array.from(rows, (row) => row[4]!), categories: housings },
  },
});
const names = ["age", "loan", "months", "instalment", "housing"];
const random = seededRandom(5);
const numbers = (count: number, scale: number) => Float64Array.from({ length: count }, () => random.normal() * scale);
/** age 0 to 8, loan 0 to 12, months 1 to 4, instalment 0 to 12. */
const ends = [
  [0, 0, 1, 0, 0],
  [8, 12, 4, 12, 1],
  [8, 12, 4, 12, 2],
];
const starts = Array.from({ length: 24 }, () => {
  const months = 1 + random.integer(4);
  const instalment = 1 + random.integer(Math.floor(12 / months));
  return [random.integer(9), months * instalment, months, instalment, random.integer(3)];
});
const space = tableSpace(names, [table([...ends, ...starts])]);
const victim = victimOf(net(linear(numbers(6 * space.width, 2), numbers(6, 1)), linear(numbers(12, 1.5), numbers(2, 0.3))));
const declared = {
  columns: {
    age: { immutable: true, cost: 9 },
    months: { direction: "up" as const },
    loan: { cost: 2 },
    housing: { among: ["own", "rent"], cost: 5 },
  },
  rules: ["loan == months * instalment", "instalment <= 6 or housing == 'own'"].map((rule) => parseRule(rule)),
};
const constraints = constraintsOf(space, declared);
const goal = (norm: Norm, eps: number | null): Goal => ({ norm, eps, queries: 1e6, random: seededRandom(1) });

/** Every valid row that a start can become, by going through all. */
async function everyFooled(points: Points, labels: Int32Array, norm: Norm): Promise<Float64Array> {
  const nearest = new Float64Array(points.rows).fill(Number.POSITIVE_INFINITY);
  const all: number[][] = [];
  for (let age = 0; age <= 8; age++)
    for (let months = 1; months <= 4; months++)
      for (let instalment = 0; instalment <= 12; instalment++)
        for (let housing = 0; housing < 3; housing++)
          if (months * instalment <= 12) all.push([age, months * instalment, months, instalment, housing]);
  const other = await space.pointsOf(table(all));
  const answers = await victim.labels(other);
  for (let row = 0; row < points.rows; row++)
    for (const [at, each] of all.entries()) {
      const [age = 0, , months = 0, instalment = 0, housing = 0] = each;
      const start = starts[row]!;
      const isAllowed =
        age === start[0] && months >= start[2]! && (housing === start[4] || housing !== 0) && (instalment <= 6 || housing === 1);
      if (!isAllowed || answers[at] === labels[row]) continue;
      nearest[row] = Math.min(nearest[row]!, distance(norm, rowOf(other.values, at, space.width), rowOf(points.values, row, space.width)));
    }
  return nearest;
}

/** Starts that keep to the rules themselves, as the model answers them. */
async function given() {
  const all = await space.pointsOf(table(starts));
  return { points: all, labels: await victim.labels(all) };
}

describe("attacks on tables", () => {
  it.each<[Norm, number]>([
    ["linf", 0.4],
    ["linf", 1],
    ["l2", 0.6],
    ["l2", 1.8],
    ["l1", 2.6],
  ])("in %s within %d fool the model wherever going through all valid rows does, with valid rows alone", async (norm, eps) => {
    const { points, labels } = await given();
    const nearest = await everyFooled(points, labels, norm);
    const attack = inTurn("caa", [capgd(constraints), moeva(constraints, { generations: 40 })]);
    const struck = await strike(attack, { victim, judge: victim }, points, labels, goal(norm, eps), constraints.isValid);
    expect(struck.invalid).toBe(0);
    const could = Array.from(nearest, (far) => Number(far <= eps * (1 + 1e-6)));
    expect(could).toContain(1);
    expect(could).toContain(0);
    expect([...struck.fooled]).toEqual(could);
  });

  it("without eps find the nearest valid row that fools the model", async () => {
    const { points, labels } = await given();
    const nearest = await everyFooled(points, labels, "l1");
    const struck = await strike(
      moeva(constraints, { generations: 60 }),
      { victim, judge: victim },
      points,
      labels,
      goal("l1", null),
      constraints.isValid,
    );
    expect(struck.invalid).toBe(0);
    for (let row = 0; row < points.rows; row++) expect(struck.distances[row]).toBeCloseTo(nearest[row]!, 5);
  });

  it("by labels alone still find some, and never an invalid one", async () => {
    const { points, labels } = await given();
    const { scores: _, slopes: __, ...blind } = victim;
    const struck = await strike(
      moeva(constraints, { generations: 20 }),
      { victim: { ...blind, access: "labels" }, judge: victim },
      points,
      labels,
      goal("l2", 1.8),
      constraints.isValid,
    );
    expect(struck.invalid).toBe(0);
    expect(struck.fooled).toContain(1);
  });

  it("ask no more rows of a point than they may", async () => {
    const { points, labels } = await given();
    const before = victim.asked();
    await moeva(constraints, { population: 20 }).propose(victim, points, labels, { ...goal("l2", 0.01), queries: 100 });
    expect(victim.asked() - before).toBeLessThanOrEqual(100 * points.rows);
  });

  it("give the same twice, from the same seed", async () => {
    const { points, labels } = await given();
    const attack: Attack = inTurn("caa", [capgd(constraints), moeva(constraints, { generations: 5 })]);
    const [one, other] = [
      await attack.propose(victim, points, labels, goal("l2", 0.6)),
      await attack.propose(victim, points, labels, goal("l2", 0.6)),
    ];
    expect(one).toEqual(other);
  });

  it("are told as was and becomes, column by column, with what that costs", async () => {
    const { rows } = constraints;
    const point = (row: readonly number[]) => rows.write(row, new Float32Array(space.width));
    const changes = changesOf(constraints, point([3, 8, 2, 4, 1]), point([3, 6, 2, 3, 2]));
    expect(changes).toEqual([
      { column: "loan", was: 6, becomes: 8, cost: 4 },
      { column: "instalment", was: 3, becomes: 4, cost: 0 },
      { column: "housing", was: "rent", becomes: "own", cost: 5 },
    ]);
    expect(costOf(changes)).toBe(9);
  });
});
