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

  it("is bounded, and anything else is refused without a crash", () => {
    expect(accepts({ measures: Array.from({ length: 10_001 }, () => measure({}).measures[0]) })).toBe(false);
    fc.assert(fc.property(fc.jsonValue(), (given) => typeof accepts(given) === "boolean"));
  });
});
