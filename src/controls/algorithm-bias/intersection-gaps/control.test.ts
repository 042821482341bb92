import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Random } from "../../../base/index.ts";
import { intersectionsOf } from "../../shared/pairs/intersections.ts";
import { column } from "../../testing/balance-vector.ts";
import { unsigned, vectorNeeds } from "../../testing/fairness-vector.ts";
import { type Alike, drawn, people } from "../../testing/people.ts";
import { testControl } from "../../testing/test-control.ts";
import { intersectionGaps } from "./control.ts";

type Cells = readonly (readonly [sex: string, age: string, wrong: number, rows: number])[];

const on = (cells: Cells, columns: (sex: string, age: string) => Alike["of"] = (sex, age) => ({ sex, age })) => {
  const alike = cells.flatMap(([sex, age, wrong, rows]): Alike[] => [
    { of: columns(sex, age), truth: "yes", answer: "no", rows: wrong },
    { of: columns(sex, age), truth: "yes", answer: "yes", rows: rows - wrong },
  ]);
  const { answers, groups } = people(alike);
  return { answers, groups };
};
const four = (wrong: readonly number[], rows: number) =>
  on([["women", "old", wrong[0] ?? 0, rows], ["women", "young", wrong[1] ?? 0, rows], ["men", "old", wrong[2] ?? 0, rows], ["men", "young", wrong[3] ?? 0, rows]]); // biome-ignore format: a table
const planted = (gap: number) => (random: Random) =>
  four(
    [0.1 + gap, 0.1, 0.1, 0.1].map((share) => drawn(share, 2500, random)),
    2500,
  );

testControl(intersectionGaps, {
  met: [
    {
      called: "intersections that are answered alike",
      ...four([1000, 1010, 990, 1000], 10_000),
      reason: /^no two groups' error rates lie further apart than 1\.\d points \(.* of sex and age; joint 95 % interval over 6 pairs/,
    },
    { called: "a gap that policy allows", ...four([400, 200, 200, 200], 2000), policy: { gap: 0.2 } },
  ],
  unmet: [
    {
      called: "older women alone are answered worse, while women and the old hardly are",
      ...four([600, 100, 200, 300], 2000),
      reason: /^women, young's error rate lies 25\.0 points below women, old's \(sex and age; joint 95 % interval over 6 pairs/,
    },
  ],
  undecided: [
    { called: "an intersection of ten people", ...on([["women", "old", 1, 10], ["women", "young", 200, 2000], ["men", "old", 200, 2000], ["men", "young", 200, 2000]]), reason: /women, old/ }, // biome-ignore format: a table
    { called: "one intersection alone", ...on([["women", "old", 100, 1000]]), reason: /one group only/ },
  ],
  inapplicable: [{ called: "one sensitive column", ...on([["women", "old", 100, 1000], ["men", "old", 100, 1000]], (sex) => ({ sex })), reason: /nothing to intersect/ }], // biome-ignore format: a table
  planted: { effect: planted(0.15), null: planted(0.05), found: 0.99, falseAlarms: 0.05 },
});

describe("gaps between intersections", () => {
  it("are those of fairlearn over two columns at once, with the joint intervals of statsmodels", async () => {
    const vector = JSON.parse(readFileSync(new URL("../../../../vectors/controls/intersections.json", import.meta.url), "utf8")) as {
      readonly rates: readonly { group: string; value: number; rows: number }[];
      readonly pairs: readonly { lower: string; upper: string; value: number; low: number; high: number }[];
    };
    const { measures } = await intersectionGaps.measure({ answers: vectorNeeds.answers, groups: vectorNeeds.groups });
    for (const { group, value, rows } of vector.rates) {
      const found = measures.find(({ name, of }) => name === "error-rate" && of?.group === group);
      expect([found?.value, found?.n]).toEqual([expect.closeTo(value, 12), rows]);
    }
    const pairs = measures.filter(({ name }) => name === "error-rate-gap");
    expect(pairs.length).toBe(vector.pairs.length);
    for (const { lower, upper, value, ...signed } of vector.pairs) {
      const found = pairs.find(
        ({ of }) => (of?.lower === lower && of.upper === upper) || (value === 0 && of?.lower === upper && of.upper === lower),
      );
      const { low, high } = unsigned(signed);
      expect([found?.value, found?.low, found?.high]).toEqual([value, low, high].map((each) => expect.closeTo(each, 6)));
    }
  });

  it("compare every pair of columns, and leave a missing value missing", () => {
    const [sex, age, race] = [column("sex", { women: 2, "(missing)": 2 }), column("age", { old: 3, young: 1 }), column("race", { a: 4 })];
    const found = intersectionsOf([sex, age, race]);
    expect(found.map((grouping) => grouping.column)).toEqual(["sex and age", "sex and race", "age and race"]);
    expect(found[0]).toMatchObject({ groups: ["women, old", "(missing)"], members: Int32Array.of(0, 0, 1, 1) });
  });
});
