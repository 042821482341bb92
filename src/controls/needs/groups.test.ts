import { expect, test } from "vitest";
import { seededRandom } from "../../base/index.ts";
import { groupingOf } from "./groups.ts";

test("quarters of a column of fractions have short names, and every row lies where its group's name says", () => {
  const random = seededRandom(5);
  const values = Float64Array.from({ length: 999 }, () => random.normal() * 37.123 + 1 / 3);
  const { groups, members } = groupingOf("balance", { kind: "number", values });
  expect(groups.length).toBe(4);
  for (const [row, value] of values.entries()) {
    const name = groups[members[row] ?? -1] ?? "";
    const [, from, end, to] = /^(-?[\d.]+) to (below )?(-?[\d.]+)$/.exec(name) ?? [];
    expect(Number(from), name).toBeLessThanOrEqual(value);
    expect(end === undefined ? value <= Number(to) : value < Number(to), `${value} in ${name}`).toBe(true);
    expect(name.length).toBeLessThan(25);
  }
});

test("a few fractions are groups of their own, with the digits that tell them apart", () => {
  const { groups } = groupingOf("rate", { kind: "number", values: Float64Array.of(0.1 + 0.2, 1 / 3, 0.25, Number.NaN, 0.25) });
  expect(groups.toSorted()).toEqual(["(missing)", "0.25", "0.3", "0.333"]);
});
