import { describe, expect, it } from "vitest";
import { column, pandas, table, vectorColumns } from "../../testing/balance-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { intersectionBalance } from "./control.ts";

/** Rows of women and men with a high and a low income. */
function rows(women: readonly [high: number, low: number], men: readonly [high: number, low: number]) {
  const [sex = column("", {}), classes = column("", {})] = table(
    ["sex", "income"],
    [
      ["women", "high", women[0]],
      ["women", "low", women[1]],
      ["men", "high", men[0]],
      ["men", "low", men[1]],
    ],
  );
  return { groups: [sex], classes };
}

testControl(intersectionBalance, {
  met: [
    {
      called: "rows enough everywhere",
      ...rows([100, 500], [300, 400]),
      reason: /each of 4 intersections .* \(rarest: sex women, income high, 100\)/,
    },
    {
      called: "an empty intersection that policy says cannot exist",
      ...rows([0, 500], [300, 400]),
      policy: { empty: 1 },
      reason: /each of 3/,
    },
  ],
  unmet: [
    {
      called: "a quantity as label, of which only the groups are counted",
      groups: [column("sex", { women: 60, men: 300 })],
      classes: { column: "price", groups: [], members: new Int32Array(0), isQuantity: true },
      reason: /^1 of 2 intersections have fewer than 100 training rows \(rarest: sex women, 60\)$/,
    },
    {
      called: "few women with a high income",
      ...rows([20, 500], [300, 400]),
      reason: /^1 of 4 intersections have fewer than 100 training rows \(rarest: sex women, income high, 20\)$/,
    },
    { called: "a rare and an empty one", ...rows([0, 50], [300, 400]), reason: /sex women, income low, 50\); 1 of 4 have none at all/ },
  ],
  undecided: [
    {
      called: "an empty intersection, which may be empty in the world",
      ...rows([0, 500], [300, 400]),
      reason: /1 of 4 intersections have no training row at all \(for one: sex women, income high\)/,
    },
    { called: "no row with all values", groups: [column("sex", { "(missing)": 4 })], classes: column("income", { high: 4 }) },
  ],
});

describe("balance of intersections", () => {
  const [classes = column("", {})] = vectorColumns.filter(({ column: name }) => name === "income-per-year");
  const groups = vectorColumns.filter((each) => each !== classes);

  it("counts as pandas does, empty ones too", async () => {
    const { measures } = await intersectionBalance.measure({ groups, classes });
    const cells = measures.filter(({ name }) => name === "intersection-rows");
    expect(cells.length).toBe(pandas.intersections.length);
    for (const { of, rows: expected } of pandas.intersections) {
      expect(cells.find((cell) => Object.entries(of).every(([name, value]) => cell.of?.[name] === value))?.value).toBe(expected);
    }
  });

  it("leaves out rows with a missing value, and says how many", async () => {
    const { measures } = await intersectionBalance.measure({
      groups: [column("sex", { women: 5, "(missing)": 5 })],
      classes: column("income", { high: 10 }),
    });
    expect(measures.map(({ name, value }) => [name, value])).toEqual([
      ["share-of-intersections-empty", 0],
      ["intersection-rows", 5],
      ["rows-with-missing-values", 5],
    ]);
  });

  it("counts more combinations than anybody could list", async () => {
    const wide = Array.from({ length: 40 }, (_, at) => column(`${at}`, { a: 500, b: 500 }));
    const measured = await intersectionBalance.measure({ groups: wide, classes: column("income", { high: 500, low: 500 }) });
    expect(measured.measures.length).toBeLessThan(140);
    expect(intersectionBalance.judge(measured, { rows: 100, empty: 0 }, new Date(0))).toMatchObject({ verdict: "undecided" });
  });
});
