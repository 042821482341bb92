import { expect, test } from "vitest";
import { bindModel, describeModel, labelIndices, openModel } from "./index.ts";
import { factsOf, tableOf, zooFolder, zooNames, zooPath, zooVector } from "./zoo.fixture.ts";

test.for(zooNames)("%s answers as the library that made it, from its file and columns alone", async (name) => {
  const { label, columns, declared, expected } = zooVector(name);
  const facts = await describeModel(zooPath(name), zooFolder);
  const binding = bindModel(
    { path: zooPath(name), root: zooFolder, facts },
    { model: name, dataset: "rows", columns: factsOf(columns), label, ...declared },
  );
  const table = tableOf(columns);
  await using model = await openModel(binding);
  const { labels, probabilities, classes, rows } = await model.predict(table, { batch: 16 });
  expect(rows).toBe(50);
  expect(classes).toEqual(expected.classes);
  expect(Array.from(labels, (index) => classes[index])).toEqual(expected.labels);
  expect(() => labelIndices(table, label, classes)).not.toThrow();
  const far = expected.probabilities?.flat().map((value, at) => Math.abs(value - (probabilities?.[at] ?? Number.NaN)));
  if (far === undefined) expect(probabilities).toBeNull();
  else expect(Math.max(...far)).toBeLessThan(2e-6);
});
