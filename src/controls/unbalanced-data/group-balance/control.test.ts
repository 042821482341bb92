import { describe, expect, it } from "vitest";
import { column, pandas, vectorColumns } from "../../testing/balance-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { groupBalance } from "./control.ts";

const half = { sex: { women: 0.5, men: 0.5 } };
const sex = (rows: Record<string, number>, population: Record<string, Record<string, number>> = half) => ({
  groups: [column("sex", rows)],
  population,
});

testControl(groupBalance, {
  met: [
    {
      called: "shares as in the declared population",
      ...sex({ women: 480, men: 520 }),
      reason: /fewest: women of sex, 480\) and at least 0\.8 of its share in the declared population \(least: women of sex, 0\.96\)/,
    },
    { called: "exactly four fifths of the declared share", ...sex({ women: 400, men: 600 }) },
    { called: "a small group of a small share", ...sex({ a: 9900, b: 100 }, { sex: { a: 0.99, b: 0.01 } }) },
    { called: "missing values are no group of people", ...sex({ women: 480, men: 520, "(missing)": 2 }) },
  ],
  unmet: [
    {
      called: "two hundred small groups, of which the rarest are listed",
      groups: [column("country", Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`g${at}`, 10 + (at % 50)])))],
      population: {},
      reason: /^g0 of country has 10 training rows, fewer than 100; at least 59 more groups fall short$/,
    },
    {
      called: "a group far rarer than in the declared population",
      ...sex({ women: 330, men: 670 }),
      reason: /^women of sex makes up 33\.0 % of the training rows \(330 of 1,000\), and 50\.0 % of the declared population: 0\.66 of it/,
    },
    {
      called: "too few rows, whatever the population",
      ...sex({ women: 40, men: 42 }, {}),
      reason: /women of sex has 40 training rows, fewer than 100/,
    },
    { called: "a declared group without a single row", ...sex({ men: 1000 }), reason: /women of sex has no training row, fewer than 100/ },
    {
      called: "one short group in one of several columns",
      groups: [column("sex", { women: 500, men: 500 }), column("race", { a: 997, b: 3 })],
      population: half,
      reason: /^b of race has 3 training rows/,
    },
  ],
  undecided: [
    {
      called: "rows enough, but no population declared",
      ...sex({ women: 330, men: 670 }, {}),
      reason: /every group has at least 100 training rows .* but no population is declared for sex/,
    },
    {
      called: "a population declared for one of two columns",
      groups: [column("sex", { women: 500, men: 500 }), column("race", { a: 800, b: 200 })],
      population: half,
      reason: /declared for race/,
    },
    {
      called: "a population of other groups",
      ...sex({ women: 500, men: 500 }, { sex: { f: 0.5, m: 0.5 } }),
      reason: /names none of the groups/,
    },
    {
      called: "a population that leaves a group out",
      ...sex({ women: 500, men: 500, other: 200 }, { sex: { women: 0.49, men: 0.49 } }),
      reason: /leaves out other of sex/,
    },
  ],
});

describe("balance of groups", () => {
  it("counts as pandas does, without an interval", async () => {
    const groups = vectorColumns.filter(({ column: name }) => name !== "income-per-year");
    const { measures } = await groupBalance.measure({ groups, population: {} });
    for (const { column: name } of groups) {
      for (const [group, share] of Object.entries(pandas.shares[name] ?? {})) {
        expect(measures.find((measure) => measure.name === "group-share" && measure.of?.group === group)?.value).toBeCloseTo(share, 12);
      }
    }
    expect(measures.every(({ low }) => low === undefined)).toBe(true);
  });

  it("draws the declared shares beside those of the data", async () => {
    const { series } = await groupBalance.measure(sex({ women: 300, men: 700 }));
    expect(series).toMatchObject([{ x: { values: ["men", "women"] }, y: { values: [0.7, 0.3] }, reference: [0.5, 0.5] }]);
  });
});
