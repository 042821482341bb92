import { describe, expect, it } from "vitest";
import { bare, pointAmounts } from "./shared/amounts.ts";
import { count, percent, points } from "./verdicts.ts";

describe("numbers in a control's sentence", () => {
  it("have no sign when they round to nothing", () => {
    expect(points(-0.0004)).toBe("0.0 points");
    expect(percent(-0)).toBe("0.0 %");
    expect(bare(-0.0004, pointAmounts)).toBe("0.0");
    expect(bare(-0.0004, pointAmounts, 0)).toBe("-0.04");
    expect(points(-0.004)).toBe("-0.4 points");
  });

  it("are written by their power of ten when they are very long", () => {
    expect(count(1e300)).toBe("1.0e+300");
    expect(points(1e300)).toBe("1.0e+302 points");
    expect(count(48_842)).toBe("48,842");
  });
});
