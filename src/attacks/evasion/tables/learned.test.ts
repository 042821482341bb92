import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { Table } from "../../../data/index.ts";
import { learnRules } from "./learned.ts";

const tableOf = (columns: Record<string, ArrayLike<number>>): Table => ({
  rows: Object.values(columns)[0]!.length,
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, { kind: "number", values: Float64Array.from(values) }]),
  ),
});
const learned = (columns: Record<string, ArrayLike<number>>) =>
  learnRules(tableOf(columns), Object.keys(columns)).map(({ rule }) => rule.text);
const drawn = (count: number, draw: () => number) => Array.from({ length: count }, draw);

describe("rules that are learned of a table", () => {
  const random = seededRandom(3);
  const a = drawn(200, () => random.integer(50));
  const b = drawn(200, () => random.integer(50) / 10);
  const c = a.map((value, at) => value + b[at]!);

  it("are sums and orders that hold in every row, and would not by chance", () => {
    expect(learned({ a, "b-b": b, c })).toEqual(expect.arrayContaining(["a + `b-b` == c", "a <= c"]));
  });

  it("are not those that one row breaks", () => {
    expect(learned({ a, b, c: c.with(17, 1000) })).not.toContain("a + b == c");
  });

  it("are not those of columns whose ranges already say so, and none of constants", () => {
    expect(learned({ a, above: a.map(() => 100 + random.integer(9)), zero: a.map(() => 0) })).toEqual([]);
  });

  it("leave out rows with a missing value, and say in how many rows they hold", () => {
    const [rule] = learnRules(tableOf({ a, b, c: c.with(3, Number.NaN) }), ["a", "b", "c"]).filter(
      ({ rule }) => rule.text === "a + b == c",
    );
    expect(rule?.rows).toBe(199);
  });

  it("say nothing twice: an order that follows from two others, or from an equality", () => {
    const next = a.map((value) => value + random.integer(20));
    const last = next.map((value) => value + random.integer(20));
    expect(learned({ a, next, last }).toSorted()).toEqual(["a <= next", "next <= last"]);
    expect(learned({ a, same: a })).toEqual(["a == same"]);
  });

  it("need rows enough: three of them show nothing", () => {
    expect(learned({ a: a.slice(0, 3), b: b.slice(0, 3), c: c.slice(0, 3) })).toEqual([]);
  });

  it("are none, in all but a few of 200 draws of columns that have nothing to do with each other", () => {
    let found = 0;
    for (let seed = 0; seed < 200; seed++) {
      const own = seededRandom(seed, "null");
      const few = drawn(40, () => own.integer(3));
      const many = drawn(40, () => own.normal());
      const skewed = drawn(40, () => Math.exp(own.normal()));
      if (learned({ few, many, skewed, more: drawn(40, () => 2 + own.integer(3)) }).length > 0) found++;
    }
    // One in a hundred is what is promised; twice that is allowed for 200 draws (binomial, 0.98 and above).
    expect(found).toBeLessThanOrEqual(6);
  });

  it("are found in every one of 200 draws in which they were planted", () => {
    for (let seed = 0; seed < 200; seed++) {
      const own = seededRandom(seed, "planted");
      const [x, y] = [drawn(40, () => own.integer(9)), drawn(40, () => own.integer(9))];
      expect(learned({ x, y, z: x.map((value, at) => value + y[at]!) })).toContain("x + y == z");
    }
  });
});
