import { join } from "node:path";
import { expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import { selectRows } from "../../../data/index.ts";
import { bindModel, describeModel, openModel } from "../../../models/index.ts";
import { factsOf, tableOf, vectorOf, zooFolder } from "../../../models/zoo.fixture.ts";
import type { Goal } from "../attack.ts";
import { tableSpace } from "../space/tables.ts";
import { strike } from "../strike.ts";
import { constraintsOf } from "../tables/constraints.ts";
import { moeva } from "../tables/moeva.ts";
import { modelVictim } from "../victims/model.ts";
import { treeAttack } from "./open.ts";

const goal: Goal = { norm: "linf", eps: 0.3, queries: 1000, random: seededRandom(1) };

async function given(name: string) {
  const { label, columns, declared } = vectorOf(zooFolder, name);
  const path = join(zooFolder, `${name}.onnx`);
  const facts = await describeModel(path, zooFolder);
  const binding = bindModel(
    { path, root: zooFolder, facts },
    { model: name, dataset: "rows", columns: factsOf(columns), label, ...declared },
  );
  if (binding.kind !== "onnx") throw new Error("no ONNX model");
  const table = tableOf(columns);
  const space = tableSpace(
    Object.keys(columns).filter((each) => each !== label),
    [table],
  );
  const points = await space.pointsOf(selectRows(table, space.complete(table)));
  return { binding, space, points, constraints: constraintsOf(space) };
}

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
