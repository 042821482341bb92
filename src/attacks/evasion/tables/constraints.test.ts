import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRule, type Table } from "../../../data/index.ts";
import { tableSpace } from "../space/tables.ts";
import { constraintsOf } from "./constraints.ts";
import type { ColumnChange } from "./freedom.ts";

const housings = ["free", "own", "rent"];
const table = (rows: readonly (readonly [a: number, b: number, total: number, ratio: number, housing: number])[]): Table => ({
  rows: rows.length,
  columns: {
    a: { kind: "number", values: Float64Array.from(rows, (row) => row[0]) },
    b: { kind: "number", values: Float64Array.from(rows, (row) => row[1]) },
    total: { kind: "number", values: Float64Array.from(rows, (row) => row[2]) },
    ratio: { kind: "number", values: Float64Array.from(rows, (row) => row[3]) },
    housing: { kind: "text", codes: Int32Array.from(rows, (row) => row[4]), categories: housings },
  },
});
const names = ["a", "b", "total", "ratio", "housing"];
/** a and b from 0 to 10, total from 0 to 20, ratio from 0 to 1. */
const seen = table([
  [0, 0, 0, 0, 0],
  [10, 10, 20, 1, 1],
  [3, 4, 7, 0.45, 2],
]);
const space = tableSpace(names, [seen]);
const given = (columns: Record<string, ColumnChange> = {}, rules: readonly string[] = []) =>
  constraintsOf(space, { columns, rules: rules.map((rule) => parseRule(rule)) });
const pointOf = (row: readonly number[]) => {
  const { rows } = constraintsOf(space);
  return rows.write(row, new Float32Array(space.width));
};
const start = [3, 4, 7, 0.45, 2];

describe("the rows behind points", () => {
  it("are what the space makes of them, for any point", () => {
    const values = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: space.width, maxLength: space.width });
    fc.assert(
      fc.property(values, (point) => {
        const { rows } = constraintsOf(space);
        const { columns } = space.tableOf({ rows: 1, width: space.width, values: Float32Array.from(point) });
        const row = names.map((name) => {
          const column = columns[name];
          return column?.kind === "number" ? column.values[0] : column?.codes[0];
        });
        expect([...rows.read(Float32Array.from(point))]).toEqual(row);
      }),
    );
  });
});

describe("a changed row", () => {
  it.each<[string, Record<string, ColumnChange>, readonly string[], readonly number[], boolean]>([
    ["unchanged", { a: { immutable: true } }, [], start, true],
    ["with what cannot be changed", { a: { immutable: true } }, [], [4, 4, 7, 0.45, 2], false],
    ["above its range", { a: { max: 5 } }, [], [6, 4, 7, 0.45, 2], false],
    ["that was out of range and stays so", { a: { max: 2 } }, [], [3, 5, 7, 0.45, 2], true],
    ["that falls where it can only grow", { a: { direction: "up" } }, [], [2, 4, 7, 0.45, 2], false],
    ["that grows where it can", { a: { direction: "up" } }, [], [4, 4, 7, 0.45, 2], true],
    ["off its steps", { a: { step: 2 } }, [], [4, 4, 7, 0.45, 2], false],
    ["on its steps", { a: { step: 2 } }, [], [5, 4, 7, 0.45, 2], true],
    ["off its broken steps", { ratio: { step: 0.1 } }, [], [3, 4, 7, 0.5, 2], false],
    ["on its broken steps", { ratio: { step: 0.1 } }, [], [3, 4, 7, 0.85, 2], true],
    ["not among what it can become", { a: { among: [1, 5] } }, [], [2, 4, 7, 0.45, 2], false],
    ["among what it can become", { a: { among: [1, 5] } }, [], [5, 4, 7, 0.45, 2], true],
    ["of another text that it can become", { housing: { among: ["own"] } }, [], [3, 4, 7, 0.45, 1], true],
    ["of another text that it cannot", { housing: { among: ["own"] } }, [], [3, 4, 7, 0.45, 0], false],
    ["that breaks a rule", {}, ["a + b == total"], [4, 4, 7, 0.45, 2], false],
    ["that keeps to a rule", {}, ["a + b == total"], [4, 4, 8, 0.45, 2], true],
    ["whose text breaks a rule", {}, ["housing != 'own' or a > 5"], [3, 4, 7, 0.45, 1], false],
  ])("%s: is valid or not", (_, columns, rules, row, expected) => {
    const constraints = given(columns, rules);
    expect(constraints.isValid(pointOf(row), pointOf(start))).toBe(expected);
    expect(constraints.broken(Float64Array.from(row), constraints.rows.read(pointOf(start))) === 0).toBe(expected);
  });

  it("is valid only as the very point of a row: no half text, no broken whole number", () => {
    const between = pointOf(start);
    between[0] = 0.351;
    expect(given().isValid(between, pointOf(start))).toBe(false);
    const half = pointOf(start);
    half[4] = 0.4;
    expect(given().isValid(half, pointOf(start))).toBe(false);
  });

  it("can become a text or a number beyond training only where that is declared", () => {
    const wider = tableSpace(names, [seen], new Set(), { a: { max: 20 } });
    const constraints = constraintsOf(wider, { columns: { a: { max: 20 } } });
    const point = constraints.rows.write([15, 4, 7, 0.45, 2], new Float32Array(wider.width));
    expect(constraints.isValid(point, pointOf(start))).toBe(true);
    expect(constraints.rows.read(point)[0]).toBe(15);
  });

  it("cannot break rules of columns that the model does not take: these are named", () => {
    const constraints = given({}, ["a <= elsewhere", "a <= b"]);
    expect(constraints.left.map(({ text }) => text)).toEqual(["a <= elsewhere"]);
    expect(constraints.rules).toHaveLength(1);
  });
});

describe("a repair", () => {
  it.each<[string, Record<string, ColumnChange>, readonly string[], readonly number[], readonly number[]]>([
    ["rounds whole numbers and clips", {}, [], [4.4, 12, 7, 0.5, 1], [4, 10, 7, 0.5, 1]],
    ["goes the allowed way alone", { a: { direction: "up" } }, [], [1, 4, 7, 0.5, 1], [3, 4, 7, 0.5, 1]],
    ["lets what an equality defines follow", {}, ["total == a + b"], [5, 4, 7, 0.5, 1], [5, 4, 9, 0.5, 1]],
    ["changes another where what follows was itself changed", {}, ["total == a + b"], [3, 4, 9, 0.5, 2], [5, 4, 9, 0.5, 2]],
    ["lets what follows of what follows follow", {}, ["total == a + b", "ratio == total / 20"], [5, 4, 7, 0.35, 1], [5, 4, 9, 0.45, 1]],
    ["rounds to the side on which an inequality holds", {}, ["b >= 1.5 * a"], [3, 4, 7, 0.45, 2], [3, 5, 7, 0.45, 2]],
    ["goes beyond where equal is not enough", { b: { immutable: true } }, ["a < b"], [6, 4, 7, 0.45, 2], [3, 4, 7, 0.45, 2]],
    [
      "takes a text where that is what a rule asks for",
      { a: { immutable: true } },
      ["housing == 'own' or a > 5"],
      start,
      [3, 4, 7, 0.45, 1],
    ],
  ])("%s", (_, columns, rules, row, expected) => {
    const constraints = given(columns, rules);
    const repaired = Float64Array.from(row);
    expect(constraints.repair(repaired, Float64Array.from(start))).toBe(true);
    for (const [at, value] of repaired.entries()) expect(value).toBeCloseTo(expected[at]!, 6);
  });

  const rule = fc.constantFrom(
    "a + b == total",
    "a <= b",
    "2 * a < b",
    "a / (b + 1) >= 0.5",
    "a * b <= 20",
    "a != b",
    "ratio * 10 <= a",
    "a ^ 2 <= total",
  );
  const wild = fc.tuple(
    fc.double({ min: -3, max: 13, noNaN: true }),
    fc.double({ min: -3, max: 13, noNaN: true }),
    fc.double({ min: -3, max: 23, noNaN: true }),
    fc.double({ min: -1, max: 2, noNaN: true }),
    fc.integer({ min: 0, max: 2 }),
  );
  const change = fc.constantFrom<ColumnChange>(
    {},
    { immutable: true },
    { direction: "up" },
    { direction: "down" },
    { step: 2 },
    { among: [1, 6] },
    { min: 2, max: 8 },
  );

  it("that says it worked gives a valid row, as a point too", () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), fc.record({ a: change, b: change, total: change }), wild, (rules, columns, row) => {
        const constraints = given(columns, rules);
        const from = pointOf(start);
        const repaired = Float64Array.from(row);
        if (!constraints.repair(repaired, constraints.rows.read(from))) return;
        expect(constraints.isValid(constraints.rows.write(repaired, new Float32Array(space.width)), from)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("works wherever one column of whole numbers can mend a broken rule", () => {
    const whole = fc.integer({ min: 0, max: 10 });
    const single = fc.constantFrom("a + b == total", "a <= b", "2 * a < b", "a / (b + 1) >= 0.5", "a * b <= 20", "a ^ 2 <= total");
    fc.assert(
      fc.property(
        single,
        fc.record({ a: change, b: change, total: change }),
        whole,
        whole,
        fc.integer({ min: 0, max: 20 }),
        (text, columns, a, b, total) => {
          const constraints = given(columns, [text]);
          const from = Float64Array.from(start);
          const row = Float64Array.from([a, b, total, 0.45, 2]);
          for (let at = 0; at < row.length; at++) row[at] = constraints.freedoms[at]!.snap(row[at]!, from[at]!, "near");
          const canMend = [0, 1, 2].some((at) =>
            Array.from({ length: 21 }, (_, value) => row.with(at, value)).some((other) => constraints.broken(other, from) === 0),
          );
          if (canMend) expect(constraints.repair(row.slice(), from)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
