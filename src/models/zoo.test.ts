import { expect, test } from "vitest";
import { labelIndices } from "./index.ts";
import { answersOf, furthest, tableOf, zooFolder, zooNames, zooVector } from "./zoo.fixture.ts";

test.for(zooNames)("%s answers as the library that made it, from its file and columns alone", async (name) => {
  const { label, columns, expected } = zooVector(name);
  const { labels, probabilities, classes, rows } = await answersOf(zooFolder, name, 16);
  expect(rows).toBe(50);
  expect(classes).toEqual(expected.classes);
  expect(Array.from(labels, (index) => classes[index])).toEqual(expected.labels);
  expect(() => labelIndices(tableOf(columns), label, classes)).not.toThrow();
  if (expected.probabilities === null) expect(probabilities).toBeNull();
  else expect(furthest(expected.probabilities, probabilities)).toBeLessThan(2e-6);
});
