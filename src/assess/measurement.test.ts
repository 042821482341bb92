import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measuredSchema } from "./measurement.ts";

const accepts = (given: unknown) => measuredSchema.safeParse(given).success;
const measure = (more: object) => ({ measures: [{ name: "gap", value: 0.1, unit: "share", ...more }] });

describe("what a control hands over", () => {
  it("has finite numbers alone", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "0.1", null])
      expect([value, accepts(measure({ value }))]).toEqual([value, false]);
  });

  it("names the population of an interval, and gives a census none", () => {
    const population = "people like those of the test split";
    expect(accepts(measure({}))).toBe(true);
    expect(accepts(measure({ low: 0, high: 0.2, population }))).toBe(true);
    expect(accepts(measure({ low: 0, high: 0.2 }))).toBe(false);
    expect(accepts(measure({ population }))).toBe(false);
    expect(accepts(measure({ low: 0.2, high: 0, population }))).toBe(false);
  });

  it("has curves of one value for each place", () => {
    const curve = (more: object) => ({
      measures: [],
      series: [{ name: "c", kind: "line", x: { label: "x", values: [1, 2] }, y: { label: "y", values: [3, 4] }, ...more }],
    });
    expect(accepts(curve({}))).toBe(true);
    expect(accepts(curve({ low: [1], high: [5, 6] }))).toBe(false);
    expect(accepts(curve({ y: { label: "y", values: [3] } }))).toBe(false);
  });

  it("has a matrix of one value for each column of each row, and no other kind with rows", () => {
    const matrix = (more: object) => ({
      measures: [],
      series: [
        {
          name: "m",
          kind: "matrix",
          x: { label: "predicted", values: ["a", "b", "c"] },
          rows: { label: "true", values: ["a", "b"] },
          y: { label: "rows", unit: "rows", values: [1, 2, 3, 4, 5, 6] },
          ...more,
        },
      ],
    });
    expect(accepts(matrix({}))).toBe(true);
    expect(accepts(matrix({ y: { label: "rows", values: [1, 2, 3] } }))).toBe(false);
    expect(accepts(matrix({ rows: undefined }))).toBe(false);
    expect(accepts(matrix({ kind: "bars" }))).toBe(false);
    expect(accepts(matrix({ low: [1, 2, 3] }))).toBe(false);
  });

  it("has further curves for lines alone, and labels and a front for points alone", () => {
    const series = (more: object) => ({
      measures: [],
      series: [{ name: "c", kind: "points", x: { label: "x", values: [1, 2] }, y: { label: "y", values: [3, 4] }, ...more }],
    });
    const others = [{ name: "noise", values: [5, 6], low: [4, 5], high: [6, 7] }];
    expect(accepts(series({ labels: ["a", "b"], front: [1] }))).toBe(true);
    expect(accepts(series({ labels: ["a"] }))).toBe(false);
    expect(accepts(series({ front: [2] }))).toBe(false);
    expect(accepts(series({ others }))).toBe(false);
    expect(accepts(series({ kind: "line", others }))).toBe(true);
    expect(accepts(series({ kind: "line", others: [{ name: "noise", values: [5] }] }))).toBe(false);
    expect(accepts(series({ kind: "line", labels: ["a", "b"] }))).toBe(false);
  });

  it("is bounded, and anything else is refused without a crash", () => {
    expect(accepts({ measures: Array.from({ length: 10_001 }, () => measure({}).measures[0]) })).toBe(false);
    fc.assert(fc.property(fc.jsonValue(), (given) => typeof accepts(given) === "boolean"));
  });
});
