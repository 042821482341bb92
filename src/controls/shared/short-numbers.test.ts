import fc from "fast-check";
import { expect, test } from "vitest";
import { shortEdge, shortEnds, shortNumbers } from "./short-numbers.ts";

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);

test("numbers are shown with as few digits as tell them apart, whole ones as they are", () => {
  expect(shortNumbers([0.1 + 0.2, 1 / 3, 2])).toEqual(["0.3", "0.333", "2"]);
  expect(shortNumbers([0.123456, 0.123478])).toEqual(["0.12346", "0.12348"]);
  expect(shortNumbers([1234567, 1234568])).toEqual(["1234567", "1234568"]);
});

test("an edge is cut to where it parts the same values", () => {
  expect(shortEdge(27, 28.712345678901233)).toBe("28.7");
  expect(shortEdge(28.7, 28.712345678901233)).toBe("28.71");
  expect(shortEdge(37, 38)).toBe("38");
  expect(shortEdge(-3, -2.7345678)).toBe("-2.74");
  expect(shortEdge(0.2999, 0.1 + 0.2)).toBe("0.3");
});

test("the ends of a range are cut outwards", () => {
  expect(shortEnds(17, 90)).toEqual(["17", "90"]);
  expect(shortEnds(0.0012345678, 0.98765432)).toEqual(["0.00123", "0.988"]);
  expect(shortEnds(1000000.1234567, 1000000.98765432)).toEqual(["1000000.123", "1000000.988"]);
  expect(shortEnds(-123.456789, 987.654321)).toEqual(["-124", "988"]);
});

test("whatever the numbers: those that differ look different", () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 10 }), (values) => {
      expect(new Set(shortNumbers(values)).size).toBe(new Set(values.map((value) => value + 0)).size);
    }),
  );
});

test("whatever the numbers: an edge parts them as before, and the ends hold all", () => {
  fc.assert(
    fc.property(fc.uniqueArray(number, { minLength: 3, maxLength: 3, comparator: (a, b) => a === b }), (values) => {
      const [low = 0, edge = 0, high = 0] = values.sort((a, b) => a - b);
      const shown = Number(shortEdge(low, edge));
      expect(shown > low && shown <= edge).toBe(true);
      const [from, to] = shortEnds(low, high).map(Number);
      expect(from).toBeLessThanOrEqual(low);
      expect(to).toBeGreaterThanOrEqual(high);
    }),
    { numRuns: 2000 },
  );
});
