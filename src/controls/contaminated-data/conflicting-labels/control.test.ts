import { describe, expect, it } from "vitest";
import type { Table } from "../../../data/index.ts";
import { beyondAnyModel } from "../../needs/best-possible.ts";
import { type AllConflicts, conflictsRecipe } from "../../needs/conflicts.ts";
import { contamination, creditSplit, making } from "../../testing/contamination-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { conflictingLabels } from "./control.ts";

const seen = (rows: number, conflicting: number, beyond = conflicting / 2): { conflicts: AllConflicts } => ({
  conflicts: {
    features: 4,
    all: { rows, conflicting, groups: conflicting / 2, groupsAcross: 0, beyond },
    splits: [{ split: "train", rows, conflicting, groups: conflicting / 2, beyond }],
    examples: Array.from({ length: Math.min(40, conflicting / 2) }, (_, at) => [
      { artefact: "dataset:d/train", row: 2 * at, label: 0 },
      { artefact: "dataset:d/train", row: 2 * at + 1, label: 1 },
    ]),
  },
});

testControl(conflictingLabels, {
  met: [
    { called: "no conflict", ...seen(1000, 0), reason: /^0\.0 % of all rows \(0 of 1,000\)/ },
    { called: "as many as the limit allows", ...seen(1000, 20) },
  ],
  unmet: [
    {
      called: "many pairs of other labels",
      ...seen(1000, 100),
      reason: /^10\.0 % of all rows \(100 of 1,000\) have a twin .* \(limit 2\.0 %\); no model .* more than 95\.0 % of these rows$/,
    },
    { called: "one pair above the limit", ...seen(100_000, 2002), reason: /2\.002 % .*limit 2\.0 %/ },
  ],
  undecided: [{ called: "no labelled row", ...seen(0, 0) }],
});

describe("conflicting labels", () => {
  const { features, label, conflicts } = contamination;
  const artefacts = { train: "dataset:d/train", evaluation: "dataset:d/evaluation", test: "dataset:d/test" };

  it("counts rows, groups and the best possible accuracy of real splits as pandas does", async () => {
    const sources = { train: creditSplit("train"), evaluation: creditSplit("evaluation"), test: creditSplit("test") };
    const { all, splits, examples } = await conflictsRecipe.make({ ...sources, features, label, artefacts }, making());
    expect(all).toEqual(conflicts.all);
    expect(Object.fromEntries(splits.map(({ split, ...found }) => [split, found]))).toEqual({
      train: conflicts.train,
      evaluation: conflicts.evaluation,
      test: conflicts.test,
    });
    for (const group of examples) expect(new Set(group.map((row) => row.label)).size).toBeGreaterThan(1);
  });

  it("names rows and twins, and no label", async () => {
    const { findings = [], findingsTotal } = await conflictingLabels.measure(seen(1000, 200));
    expect(findings[1]).toEqual({
      artefact: "dataset:d/train",
      row: 1,
      reason: "the same features as row 0 of dataset:d/train, and another label",
    });
    expect(findings.length).toBeLessThanOrEqual(100);
    expect(findingsTotal).toBe(200);
  });

  it("lets no function of the features be right on more rows than the most frequent label of each set", () => {
    const text = (...values: string[]) => {
      const categories = [...new Set(values)].filter((value) => value !== "").sort();
      return { kind: "text" as const, codes: Int32Array.from(values, (value) => categories.indexOf(value)), categories };
    };
    const numbers = (...values: number[]) => ({ kind: "number" as const, values: Float64Array.from(values) });
    const first: Table = {
      rows: 5,
      columns: { a: text("x", "x", "x", "", ""), b: numbers(1, 1, 1, Number.NaN, Number.NaN), y: text("p", "p", "q", "p", "q") },
    };
    const second: Table = { rows: 4, columns: { a: text("x", "z", "", "x"), b: numbers(1, 1, Number.NaN, 1), y: text("r", "q", "q", "") } };
    expect(beyondAnyModel([first], ["a", "b"], "y")).toBe(2);
    // The set of (x, 1) has p, p, q, r; that of two missing values p, q, q; a row without a label counts nowhere.
    expect(beyondAnyModel([first, second], ["a", "b"], "y")).toBe(3);
    expect(beyondAnyModel([first, second], ["a"], "y")).toBe(3);
    expect(beyondAnyModel([first, second], [], "y")).toBe(4);
  });
});
