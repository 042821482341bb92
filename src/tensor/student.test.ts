import { expect, test } from "vitest";
import { criticalStudent } from "./index.ts";

/** scipy.stats.t.ppf(1 - (1 - confidence) / 2, df), SciPy 1.17.1. */
const known = [
  [0.95, 1, 12.706204736174698],
  [0.95, 2, 4.302652729749462],
  [0.95, 4, 2.7764451051977934],
  [0.99, 8, 3.3553873313333953],
  [0.5, 3, 0.7648923284043491],
  [0.95, 200, 1.9718962236339095],
] as const;

test.each(known)("Student's critical value for %f and %i degrees of freedom is SciPy's", (confidence, df, expected) => {
  expect(criticalStudent(confidence, df)).toBeCloseTo(expected, 8);
});
