import { describe, expect, it } from "vitest";
import { classesOf } from "./labels.ts";

describe("the classes of a label column", () => {
  it("are its texts, and what is missing", () => {
    const { groups, members } = classesOf("income", { kind: "text", codes: Int32Array.from([1, 0, -1, 1]), categories: ["high", "low"] });
    expect(groups).toEqual(["low", "high", "(missing)"]);
    expect([...members]).toEqual([0, 1, 2, 0]);
  });

  it("are its numbers one by one, however many", () => {
    const { groups } = classesOf("grade", {
      kind: "number",
      values: Float64Array.from({ length: 40 }, (_, at) => (at === 3 ? Number.NaN : at)),
    });
    expect(groups.length).toBe(40);
    expect(groups[3]).toBe("(missing)");
  });

  it("are none where it is a quantity: many numbers that are not all whole", () => {
    const grouping = classesOf("price", { kind: "number", values: Float64Array.from({ length: 400 }, (_, at) => at / 4) });
    expect(grouping).toMatchObject({ groups: [], isQuantity: true });
    const halves = classesOf("grade", { kind: "number", values: Float64Array.from({ length: 400 }, (_, at) => (at % 9) / 2) });
    expect(halves.groups.length).toBe(9);
  });
});
