import { expect, test } from "vitest";
import { classIndex, labelIndices } from "./index.ts";
import { tableOf } from "./zoo.fixture.ts";

test("labels that are written differently but mean the same number are the same class", () => {
  const indexOf = classIndex(["0", "1"]);
  expect(["0", "0.0", "false", "False", "-0", " 0 "].map(indexOf)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(["1", "1.0", "true", "TRUE", "+1", "1e0"].map(indexOf)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(["2", "yes", "", "0x1"].map(indexOf)).toEqual([undefined, undefined, undefined, undefined]);
});

test("a class that is named exactly so comes before one of the same number", () => {
  expect(classIndex(["1", "true"])("true")).toBe(1);
  expect(classIndex(["true", "1"])("1")).toBe(1);
});

test("a label column of numbers, of booleans and of texts gives indices", () => {
  expect([...labelIndices(tableOf({ y: [1, 0, 1] }), "y", ["0", "1"])]).toEqual([1, 0, 1]);
  expect([...labelIndices(tableOf({ y: [true, false] }), "y", ["0", "1"])]).toEqual([1, 0]);
  expect([...labelIndices(tableOf({ y: [">50K", "<=50K"] }), "y", ["<=50K", ">50K"])]).toEqual([1, 0]);
});

test.each([
  [["a", "b", "c"], /“c” is none of the model's classes/, 2],
  [["a", null], /is empty/, 1],
  [[0, 3], /“0” is none/, 0],
  [[Number.NaN], /is empty/, 0],
])("a label that is no class is told with its row: %j", (values, says, row) => {
  const find = () => labelIndices(tableOf({ y: values }), "y", ["a", "b"]);
  expect(find).toThrow(says);
  expect(find).toThrow(expect.objectContaining({ code: "LABEL_UNKNOWN", place: { at: `row ${row}` } }));
});
