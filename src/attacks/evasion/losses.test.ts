import { expect, it } from "vitest";
import { highest } from "./losses.ts";

it("the answer is the class of the highest score, the first of several, and none where a score is NaN", () => {
  const scores = Float32Array.of(1, 3, 2, 5, 5, 0, 1, Number.NaN, 9, Number.NaN, 1, 2, -1, Number.NEGATIVE_INFINITY, -2);
  expect([0, 1, 2, 3, 4].map((row) => highest(scores, row, 3))).toEqual([1, 0, -1, -1, 0]);
});
