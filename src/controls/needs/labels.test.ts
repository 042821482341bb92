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
});
