import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Column, Table } from "../../../data/index.ts";
import { rangesOf } from "../ranges.ts";
import { tableCorruptions } from "./tables.ts";

const rows = 20_000;
const random = seededRandom(4);
const table: Table = {
  rows,
  columns: {
    height: { kind: "number", values: Float64Array.from({ length: rows }, () => 170 + 10 * random.normal()) },
    children: { kind: "number", values: Float64Array.from({ length: rows }, () => random.integer(5)) },
    gap: { kind: "number", values: Float64Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? Number.NaN : row)) },
    colour: { kind: "text", codes: Int32Array.from({ length: rows }, () => random.integer(3)), categories: ["blue", "green", "red"] },
    constant: { kind: "text", codes: new Int32Array(rows), categories: ["always"] },
  },
};
const names = Object.keys(table.columns);
const ranges = rangesOf(table, names);
const named = (name: string) => {
  const found = tableCorruptions.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const applied = (name: string, amount: number, seed = 1) => named(name).apply(table, ranges, amount, seededRandom(seed)) ?? table;
const numbers = (of: Table, name: string) => {
  const column = of.columns[name];
  if (column?.kind !== "number") throw new Error(name);
  return column.values;
};
const written = (column: Column | undefined, row: number) =>
  column?.kind === "text" ? (column.categories[column.codes[row] ?? -1] ?? "") : String(column?.values[row]);
/** Rows in which a column reads differently. */
const differing = (of: Table, name: string) =>
  Array.from({ length: rows }, (_, row) => row).filter((row) => written(of.columns[name], row) !== written(table.columns[name], row));

describe.each(tableCorruptions)("$name", ({ name, amounts, apply }) => {
  it("is the same for the same seed, and leaves the table that it was given as it was", () => {
    const before = JSON.stringify([...numbers(table, "height").slice(0, 50)]);
    expect(applied(name, amounts[2])).toEqual(applied(name, amounts[2]));
    expect(JSON.stringify([...numbers(table, "height").slice(0, 50)])).toBe(before);
  });

  it("changes more with each step, and keeps whole numbers whole and texts among those seen", () => {
    const changes = amounts.map((amount) => {
      const changed = applied(name, amount);
      expect([...numbers(changed, "children")].every((value) => Number.isNaN(value) || Number.isInteger(value))).toBe(true);
      for (const row of [0, 1, 2, 500]) expect(["", "blue", "green", "red"]).toContain(written(changed.columns.colour, row));
      const distance = names.flatMap((column) => differing(changed, column)).length;
      const heights = numbers(changed, "height").reduce(
        (sum, value, row) => sum + (Math.abs(value - numbers(table, "height")[row]!) || 0),
        0,
      );
      return distance + heights;
    });
    expect(changes.toSorted((a, b) => a - b)).toEqual(changes);
    expect(changes[0]).toBeGreaterThan(0);
  });

  it("happens to no table without a column for it", () => {
    const empty: Table = { rows: 3, columns: {} };
    expect(apply(empty, rangesOf(empty, []), amounts[0], seededRandom(1))).toBeNull();
  });
});

describe("corruption of tables", () => {
  it("takes away the share of values that it says", () => {
    const gone = differing(applied("missing values", 0.2), "colour").length / rows;
    expect(gone).toBeCloseTo(0.2, 1.9);
  });

  it("adds noise of the standard deviation that it says", () => {
    const noisy = numbers(applied("noise", 0.5), "height");
    const added = noisy.map((value, row) => value - numbers(table, "height")[row]!);
    const deviation = Math.sqrt(added.reduce((sum, value) => sum + value ** 2, 0) / rows);
    expect(deviation / 10).toBeCloseTo(0.5, 1.7);
  });

  it("puts one number of a row into another unit, in the share of rows that it says", () => {
    const changed = applied("swapped units", 0.2);
    const swapped = differing(changed, "height");
    // A third of one row in five: height is one of three columns of numbers.
    expect(swapped.length / rows).toBeCloseTo(0.2 / 3, 1.9);
    const factors = new Set(swapped.map((row) => (numbers(changed, "height")[row]! / numbers(table, "height")[row]!).toPrecision(4)));
    expect([...factors].sort()).toEqual(["0.001000", "0.1000", "0.4536", "10.00", "1000", "2.205"]);
    const others = new Set(differing(changed, "children"));
    expect(swapped.filter((row) => others.has(row))).toEqual([]);
  });

  it("leaves numbers at one end of what training saw", () => {
    const changed = applied("values at the end of their range", 0.2);
    const { least = 0, most = 0 } = { ...(ranges.get("height") as { least: number; most: number }) };
    for (const row of differing(changed, "height")) expect([least, most]).toContain(numbers(changed, "height")[row]);
  });

  it("exchanges a text for another one, and none where there is no other", () => {
    const changed = applied("swapped categories", 0.2);
    expect(differing(changed, "colour").length / rows).toBeCloseTo(0.2, 1.9);
    expect(differing(changed, "constant")).toEqual([]);
  });

  it("does not fill in what was missing", () => {
    for (const { name, amounts } of tableCorruptions) expect(numbers(applied(name, amounts[4]), "gap")[0]).toBeNaN();
  });
});
