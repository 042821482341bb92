import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amount, amounts, count, dayOf, duration, subjectOf, ticks } from "./numbers.ts";

describe("numbers read as people write them", () => {
  test.each([
    [0.2408, "share", "24.1 %"],
    [0.0003, "share", "0.03 %"],
    [0, "share", "0.0 %"],
    [0.091, "points", "9.1 points"],
    [-0.004, "points", "−0.4 points"],
    [0.8, "ratio", "0.80"],
    [0.42, "ms", "0.42 ms"],
    [1234, "ms", "1.2 s"],
    [412_033, "bytes", "0.39 MiB"],
    [1_200_000, "bytes", "1.14 MiB"],
    [90, "bytes", "90 B"],
    [20_000, "bytes", "20 KiB"],
    [48_842, "rows", "48,842 rows"],
    [0.6, "nats", "0.60 nats"],
    [1e300, "ratio", "1.0e+300"],
    [-2.5e18, "score", "−2.5e+18"],
    [4e20, "rows", "4.0e+20 rows"],
  ] as const)("%d as %s is %s", (value, unit, text) => {
    expect(amount(value, unit)).toBe(text);
  });

  test("a value and its interval stand in the same digits, enough to tell the ends apart", () => {
    const gap = { name: "gap", value: 0.091, unit: "points", low: 0.062, high: 0.12 } as const;
    expect(amounts(gap)).toEqual({ value: "9.1 points", interval: "6.2 to 12.0" });
    expect(amounts({ ...gap, value: 0.0003, low: 0.0001, high: 0.0007 })).toEqual({ value: "0.03 points", interval: "0.01 to 0.07" });
    expect(amounts({ name: "census", value: 0.24, unit: "share" })).toEqual({ value: "24.0 %", interval: null });
    expect(amounts({ name: "none", value: 0, unit: "points" })).toEqual({ value: "0.0 points", interval: null });
    expect(amounts({ name: "size", value: 19_000, unit: "bytes" }, 2_000_000).value).toBe("0.02 MiB");
    expect(amounts({ name: "below", value: 0.24, unit: "share", high: 0.31 }).interval).toBe("at most 31.0");
  });

  test("what rounds to nothing has no sign", () => {
    const gap = { name: "gap", value: 0.03, unit: "points", low: -0.0004, high: 0.061 } as const;
    expect(amounts(gap).interval).toBe("0.0 to 6.1");
    expect(count(-0.2)).toBe("0");
    fc.assert(fc.property(fc.double({ noNaN: true }), (value) => !/^[-−][0.,]*$/.test(count(value)) && count(value).length < 22));
  });

  test("nothing beside a limit looks like the limit when it isn't", () => {
    const rare = { name: "share of the rarest", value: 0.00996, unit: "share" } as const;
    expect(amounts(rare).value).toBe("1.0 %");
    expect(amounts(rare, 0.01).value).toBe("0.996 %");
    expect(amounts({ name: "gap", value: 0.03, unit: "points", low: 0.01, high: 0.0501 }, 0.05).interval).toBe("1.00 to 5.01");
    expect(amounts({ ...rare, value: 0.01 }, 0.01).value).toBe("1.0 %");
  });

  test("ticks are round, in order and inside the axis", () => {
    expect(ticks(0, 0.16, "points").map(({ text }) => text)).toEqual(["0", "5", "10", "15"]);
    expect(ticks(0, 1, "share").map(({ text }) => text)).toEqual(["0 %", "50 %", "100 %"]);
    const axis = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(axis, ([low, width]) => {
        const at = ticks(low, low + width, "score").map((tick) => tick.at);
        expect(at.length).toBeLessThanOrEqual(6);
        expect(at.every((value, index) => index === 0 || value >= (at[index - 1] ?? 0))).toBe(true);
        expect(at.every((value) => value >= low - width * 1e-3 && value <= low + width * 1.001)).toBe(true);
      }),
    );
  });

  test("dates are days in UTC, and what is no date stays as it is", () => {
    expect(dayOf("2026-11-23T23:59:00.000Z")).toBe("23 November 2026");
    expect(dayOf("yesterday")).toBe("yesterday");
    expect(duration(412)).toBe("412 ms");
    expect(duration(18_400)).toBe("18.4 s");
  });

  test("a measure names whom it compares", () => {
    const measure = { name: "true-positive-rate-gap", value: 0, unit: "points" } as const;
    expect(subjectOf({ ...measure, of: { column: "sex", lower: "Female", upper: "Male" } })).toBe("Female against Male · sex");
    expect(subjectOf({ ...measure, of: { column: "sex", group: "Female" } })).toBe("Female · sex");
    expect(subjectOf(measure)).toBe("true positive rate gap");
  });
});
