import { expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { parseRule, type Table } from "../../../data/index.ts";
import type { Goal, Norm, Points, Victim } from "../attack.ts";
import { distance, rowOf } from "../points.ts";
import { tableSpace } from "../space/tables.ts";
import { strike } from "../strike.ts";
import { constraintsOf } from "../tables/constraints.ts";
import { leafTuples } from "./attack.ts";
import { labelOf, sumsOf } from "./ensemble.ts";
import { inputOf, type TreeModel } from "./inputs.ts";
import { readEnsemble } from "./read-ensemble.ts";
import { type Drawing, drawnTrees } from "./testing/drawn.ts";

const homes = ["own", "rent"];
const table = (rows: readonly (readonly number[])[]): Table => ({
  rows: rows.length,
  columns: {
    share: { kind: "number", values: Float64Array.from(rows, (row) => row[0]!) },
    count: { kind: "number", values: Float64Array.from(rows, (row) => row[1]!) },
    other: { kind: "number", values: Float64Array.from(rows, (row) => row[2]!) },
    home: { kind: "text", codes: Int32Array.from(rows, (row) => row[3]!), categories: homes },
  },
});
const random = seededRandom(2);
const drawn = Array.from({ length: 30 }, () => [random.uniform(), random.integer(3), random.uniform() * 0.7, random.integer(2)]);
const given = table([[0, 0, 0, 0], [1, 2, 0.7, 1], ...drawn]);
const space = tableSpace(["share", "count", "other", "home"], [given]);
const drawing: Drawing = {
  trees: 12,
  depth: 3,
  features: 4,
  outputs: 2,
  modes: ["BRANCH_LEQ"],
  transform: "NONE",
  weights: "any",
  single: 0,
};

const victimOf = (tree: TreeModel): Victim => ({
  access: "labels",
  width: space.width,
  classes: 2,
  ...space.box,
  batch: 64,
  // As a caller would ask: the row as float32, from the table.
  async labels(points) {
    const { columns } = space.tableOf(points);
    const values = ["share", "count", "other", "home"].map((name) => {
      const column = columns[name]!;
      return column.kind === "number" ? column.values : Float64Array.from(column.codes);
    });
    return Int32Array.from({ length: points.rows }, (_, row) =>
      labelOf(
        tree.ensemble,
        sumsOf(
          tree.ensemble,
          values.map((column) => Math.fround(column[row]!)),
        ),
      ),
    );
  },
});

/** 0 for the share's 100 places and those of the others: the nearest valid row by going through a fine grid. */
async function gridNearest(victim: Victim, constraints: ReturnType<typeof constraintsOf>, points: Points, labels: Int32Array, norm: Norm) {
  const near = new Float64Array(points.rows).fill(Number.POSITIVE_INFINITY);
  const homesOf = points.rows;
  for (let row = 0; row < homesOf; row++) {
    const start = rowOf(points.values, row, space.width);
    const was = constraints.rows.read(start);
    const all: Float32Array[] = [];
    for (let share = 0; share <= 60; share++)
      for (let count = 0; count <= 2; count++)
        for (let other = 0; other <= 42; other++) all.push(constraints.rows.write([share / 60, count, other / 60, was[3]!], start.slice()));
    const valid = all.filter((point) => constraints.isValid(point, start));
    const values = new Float32Array(valid.length * space.width);
    for (const [at, point] of valid.entries()) values.set(point, at * space.width);
    const answers = await victim.labels({ rows: valid.length, width: space.width, values });
    for (const [at, point] of valid.entries())
      if (answers[at] !== labels[row]) near[row] = Math.min(near[row]!, distance(norm, point, start));
  }
  return near;
}

it.each<Norm>(["linf", "l2", "l1"])(
  "trees over columns are fooled in %s as near as a fine grid of valid rows shows, or nearer",
  async (norm) => {
    const tree: TreeModel = {
      ensemble: readEnsemble(drawnTrees(drawing, seededRandom(7)), "drawn.onnx"),
      inputs: [0, 1, 2, 3].map((column) => ({ column, codes: column === 3 ? Float64Array.of(0, 1) : null })),
    };
    const victim = victimOf(tree);
    const constraints = constraintsOf(space, { columns: { share: { direction: "up" }, other: { max: 0.5 } } });
    const points = await space.pointsOf(table(drawn.slice(0, 8)));
    const labels = await victim.labels(points);
    const goal: Goal = { norm, eps: null, queries: 1e6, random: seededRandom(1) };
    const struck = await strike(leafTuples(tree, constraints), { victim, judge: victim }, points, labels, goal, constraints.isValid);
    expect(struck.invalid).toBe(0);
    const near = await gridNearest(victim, constraints, points, labels, norm);
    expect([...near].some(Number.isFinite)).toBe(true);
    for (let row = 0; row < points.rows; row++) expect(struck.distances[row]).toBeLessThanOrEqual(near[row]! + 1e-6);
    const within = await strike(
      leafTuples(tree, constraints),
      { victim, judge: victim },
      points,
      labels,
      { ...goal, eps: 0.2 },
      constraints.isValid,
    );
    expect([...within.fooled]).toEqual(Array.from(struck.distances, (far) => Number(far <= 0.2)));
  },
);

it("rows found are repaired where rules bind columns, and never invalid", async () => {
  const tree: TreeModel = {
    ensemble: readEnsemble(drawnTrees(drawing, seededRandom(7)), "drawn.onnx"),
    inputs: [0, 1, 2, 3].map((column) => ({ column, codes: column === 3 ? Float64Array.of(0, 1) : null })),
  };
  const victim = victimOf(tree);
  const constraints = constraintsOf(space, { rules: [parseRule("other <= 0.7 * share")] });
  const starts = drawn.map(([share = 0, count = 0, other = 0, home = 0]) => [share, count, other * share, home]);
  const points = await space.pointsOf(table(starts));
  const labels = await victim.labels(points);
  const goal: Goal = { norm: "linf", eps: 0.4, queries: 1e6, random: seededRandom(1) };
  const struck = await strike(leafTuples(tree, constraints), { victim, judge: victim }, points, labels, goal, constraints.isValid);
  expect(struck.invalid).toBe(0);
  expect(struck.fooled).toContain(1);
});

it("texts are given to trees as their codes, and numbers as float32", () => {
  const tree: TreeModel = {
    ensemble: readEnsemble(drawnTrees(drawing, seededRandom(7)), "drawn.onnx"),
    inputs: [
      { column: 0, codes: null },
      { column: 3, codes: Float64Array.of(5, 9) },
    ],
  };
  expect([...inputOf(tree, [0.1, 2, 0, 1])]).toEqual([Math.fround(0.1), 9]);
});
