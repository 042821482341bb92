import { describe, expect, it } from "vitest";
import { classesOf } from "../../needs/labels.ts";
import { column, pandas, vectorColumns } from "../../testing/balance-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { classBalance } from "./control.ts";

const label = (rows: Record<string, number>, population: Record<string, Record<string, number>> = {}) => ({
  classes: column("income", rows),
  population,
});

testControl(classBalance, {
  met: [
    { called: "a mildly rare class", ...label({ high: 240, low: 760 }), reason: /rarest: high of income, 24\.0 % where even is 50\.0 %/ },
    { called: "exactly at the limit", ...label({ high: 200, low: 800 }) },
    { called: "ten classes of equal size", ...label(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`digit ${at}`, 100]))) },
    {
      called: "a class that is as rare as in the declared population",
      ...label({ ill: 100, well: 9900 }, { income: { ill: 0.01, well: 0.99 } }),
      reason: /declared population \(least: ill of income, 1\.00\)/,
    },
    { called: "numbers as labels, declared as texts", ...label({ "1": 500, "0": 500 }, { income: { "1.0": 0.5, false: 0.5 } }) },
    { called: "rows without a label count nowhere", ...label({ high: 240, low: 760, "(missing)": 3 }) },
  ],
  unmet: [
    {
      called: "a rare class",
      ...label({ high: 150, low: 850 }),
      reason: /^high of income makes up 15\.0 % of the training rows \(150 of 1,000\), less than 20\.0 %/,
    },
    {
      called: "an even share of too few rows",
      ...label({ high: 50, low: 50 }),
      reason: /has 50 training rows, fewer than 100; one more class falls short/,
    },
    { called: "one class alone", ...label({ low: 1000 }), reason: /all training rows have one class: low/ },
    {
      called: "a class that is common, but rarer than in the declared population",
      ...label({ high: 300, low: 700 }, { income: { high: 0.5, low: 0.5 } }),
      reason: /30\.0 % .* and 50\.0 % of the declared population: 0\.60 of it/,
    },
    {
      called: "a class of the declared population that never occurs",
      ...label({ low: 700, mid: 300 }, { income: { high: 0.2, low: 0.5, mid: 0.3 } }),
      reason: /high of income/,
    },
  ],
  inapplicable: [
    {
      called: "a quantity as label",
      classes: classesOf("price", { kind: "number", values: Float64Array.from({ length: 400 }, (_, row) => row / 4) }),
      population: {},
      reason: /^price is a quantity, and has no classes$/,
    },
  ],
  undecided: [
    {
      called: "a population of other classes",
      ...label({ high: 500, low: 500 }, { income: { rich: 0.5, poor: 0.5 } }),
      reason: /names none of the classes/,
    },
    {
      called: "a population that leaves a class out",
      ...label({ high: 500, low: 500, mid: 500 }, { income: { high: 0.3, low: 0.3 } }),
      reason: /leaves out mid of income/,
    },
    { called: "no label at all", ...label({ "(missing)": 3 }) },
  ],
});

describe("balance of classes", () => {
  it("counts as pandas does, and without an interval: it is a census", async () => {
    const [classes = column("", {})] = vectorColumns.filter(({ column: name }) => name === "income-per-year");
    const { measures } = await classBalance.measure({ classes, population: {} });
    for (const [name, share] of Object.entries(pandas.shares["income-per-year"] ?? {})) {
      expect(measures.find((measure) => measure.name === "class-share" && measure.of?.class === name)?.value).toBeCloseTo(share, 12);
    }
    expect(measures.find(({ name }) => name === "imbalance-ratio")?.value).toBeCloseTo(pandas.imbalanceRatio, 12);
    expect(measures.every(({ low, high, population }) => low === undefined && high === undefined && population === undefined)).toBe(true);
  });

  it("says how many rows of the rare class would reach the limit, and they do", async () => {
    const verdict = classBalance.judge(
      await classBalance.measure(label({ high: 150, low: 850 })),
      { rows: 100, ofPopulation: 0.8, ofEven: 0.4 },
      new Date(0),
    );
    const [, lacking = ""] = /about (\d+) more/.exec(verdict.remedy ?? "") ?? [];
    const after = await classBalance.measure(label({ high: 150 + Number(lacking), low: 850 }));
    expect(classBalance.judge(after, { rows: 100, ofPopulation: 0.8, ofEven: 0.4 }, new Date(0)).verdict).toBe("met");
    expect(Number(lacking)).toBeLessThan(70);
  });

  it("keeps the rarest of very many classes", async () => {
    const rows = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`word ${at}`, at === 77 ? 1 : 200]));
    const measured = await classBalance.measure(label(rows));
    expect(measured.measures.length).toBeLessThan(200);
    expect(classBalance.judge(measured, { rows: 100, ofPopulation: 0.8, ofEven: 0.4 }, new Date(0)).reason).toMatch(
      /^word 77 of income has one training row, fewer than 100$/,
    );
  });

  it("is not misled by a column that is named as something every object has", async () => {
    const measured = await classBalance.measure({ classes: column("constructor", { a: 500, b: 500 }), population: {} });
    expect(classBalance.judge(measured, { rows: 100, ofPopulation: 0.8, ofEven: 0.4 }, new Date(0)).verdict).toBe("met");
  });
});
