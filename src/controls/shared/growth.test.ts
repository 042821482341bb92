import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growthNeeded, roughly } from "./growth.ts";

describe("growth needed", () => {
  it("is the smallest factor that decides, to 3 %", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 9000, noNaN: true }), (edge) => {
        const found = growthNeeded((factor) => factor >= edge);
        expect(found).toBeGreaterThanOrEqual(edge);
        expect(found).toBeLessThanOrEqual(edge * 1.031);
      }),
    );
  });

  it("is nothing when no realistic factor decides", () => {
    expect(growthNeeded(() => false)).toBeNull();
  });
});

describe("roughly", () => {
  it("rounds up to two digits", () => {
    expect([0.2, 7, 42, 101, 1234, 98_001].map(roughly)).toEqual([1, 7, 42, 110, 1300, 99_000]);
  });
});
