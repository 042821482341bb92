import { join } from "node:path";
import { expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { selectRows } from "../../../data/index.ts";
import { bindModel, describeModel, openModel } from "../../../models/index.ts";
import { exportersFolder, factsOf, tableOf, vectorOf, zooFolder } from "../../../models/zoo.fixture.ts";
import { readModel, readProgram } from "../../../onnx/index.ts";
import type { Goal } from "../attack.ts";
import { rowOf } from "../points.ts";
import { tableSpace } from "../space/tables.ts";
import { strike } from "../strike.ts";
import { constraintsOf } from "../tables/constraints.ts";
import { moeva } from "../tables/moeva.ts";
import { modelVictim } from "../victims/model.ts";
import { labelOf, sumsOf } from "./ensemble.ts";
import { inputOf, treeModelOf } from "./inputs.ts";
import { treeAttack } from "./open.ts";
import { inputsAt } from "./trace.ts";

const goal: Goal = { norm: "linf", eps: 0.3, queries: 1000, random: seededRandom(1) };

async function given(name: string, folder = zooFolder) {
  const { label, columns, declared } = vectorOf(folder, name);
  const path = join(folder, `${name}.onnx`);
  const facts = await describeModel(path, folder);
  const binding = bindModel({ path, root: folder, facts }, { model: name, dataset: "rows", columns: factsOf(columns), label, ...declared });
  if (binding.kind !== "onnx") throw new Error("no ONNX model");
  const table = tableOf(columns);
  const space = tableSpace(
    Object.keys(columns).filter((each) => each !== label),
    [table],
  );
  const points = await space.pointsOf(selectRows(table, space.complete(table)));
  return { binding, space, points, constraints: constraintsOf(space) };
}

it.each(["skl-ordinal-texts", "skl-whole-numbers", "skl-extra-trees", "catboost-three", "xgboost-forest"])(
  "%s: what lies between the columns and the trees is followed, so that the trees answer as the model does",
  async (name) => {
    const { binding, space, points, constraints } = await given(name, exportersFolder);
    await using model = await openModel(binding);
    const labels = await modelVictim(model, space, binding.classes.length).labels(points);
    const tree = treeModelOf(await readProgram(await readModel(binding.path, { root: binding.root })), binding, constraints.rows);
    if (tree === null) throw new Error("these are trees");
    const ours = Array.from(labels, (_, row) =>
      labelOf(tree.ensemble, sumsOf(tree.ensemble, inputOf(tree, constraints.rows.read(rowOf(points.values, row, space.width))))),
    );
    expect(ours).toEqual([...labels]);
  },
);

it("columns put together and texts one-hot, each an input of its own, are followed", async () => {
  const { binding, constraints } = await given("skl-columns", exportersFolder);
  const program = await readProgram(await readModel(binding.path, { root: binding.root }));
  const { columns } = constraints.rows;
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const inputs = inputsAt(program, "variable", binding, constraints.rows)!;
  expect(inputs.map(({ column }) => column)).toEqual(["work", "work", "work", "housing", "housing", "housing"].map(place));
  expect(inputs.map(({ codes }) => [...codes!])).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(inputsAt(program, "merged_columns", binding, constraints.rows)).toEqual(
    ["age", "hours", "debt"].map((name) => ({ column: place(name), codes: null })),
  );
  // Numbers that are scaled are no longer the column's.
  expect(inputsAt(program, "transformed_column", binding, constraints.rows)).toBeNull();
});

it.each([
  "tree-ordinal",
  "forest-zipmap",
  "hist-boosting",
  "lightgbm-missing",
  "xgboost-missing",
  "boosting-three-classes",
  "xgboost-three-classes",
])("%s, as its exporter writes it, is fooled through its leaves wherever evolution fools it without changing a text", async (name) => {
  const { binding, space, points, constraints } = await given(name);
  await using model = await openModel(binding);
  const victim = modelVictim(model, space, binding.classes.length);
  const labels = await victim.labels(points);
  const attack = await treeAttack(binding, constraints);
  if (attack === null) throw new Error("these are trees");
  const leaves = await strike(attack, { victim, judge: victim }, points, labels, goal, constraints.isValid);
  const evolved = await strike(
    moeva(constraints, { population: 20, generations: 8 }),
    { victim, judge: victim },
    points,
    labels,
    goal,
    constraints.isValid,
  );
  expect([leaves.invalid, evolved.invalid]).toEqual([0, 0]);
  expect(leaves.fooled).toContain(1);
  const missed = Array.from(evolved.fooled.keys()).filter((row) => evolved.fooled[row] === 1 && leaves.fooled[row] === 0);
  expect(missed).toEqual([]);
});

it("a model that is no trees has no leaves", async () => {
  const { binding, constraints } = await given("logistic-plain");
  expect(await treeAttack(binding, constraints)).toBeNull();
});
