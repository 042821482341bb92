import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AllConflicts, conflictsRecipe } from "../../needs/conflicts.ts";
import { contamination, creditSplit, making } from "../../testing/contamination-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { conflictingLabels } from "./control.ts";

const seen = (rows: number, conflicting: number, beyond = conflicting / 2): { conflicts: AllConflicts } => ({
  conflicts: {
    isQuantity: false,
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
    { called: "no conflict", ...seen(1000, 0), reason: /^0\.0 % of all labelled rows \(0 of 1,000\)/ },
    { called: "as many as the limit allows", ...seen(1000, 20) },
  ],
  unmet: [
    {
      called: "many pairs of other labels",
      ...seen(1000, 100),
      reason:
        /^10\.0 % of all labelled rows \(100 of 1,000\) have a twin .* \(limit 2\.0 %\); no model .* more than 95\.0 % of these rows$/,
    },
    { called: "one pair above the limit", ...seen(100_000, 2002), reason: /2\.002 % .*limit 2\.0 %/ },
  ],
  undecided: [{ called: "no labelled row", ...seen(0, 0) }],
  inapplicable: [
    { called: "a quantity as label", conflicts: { ...seen(1000, 100).conflicts, isQuantity: true }, reason: /the label is a quantity/ },
  ],
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

  it("counts among rows with a label alone, so that many without one do not thin out the conflicts", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "sextant-")), "train.csv");
    writeFileSync(path, ["a,label", "1,yes", "1,no", "2,yes", "3,no", ...Array.from({ length: 40 }, (_, row) => `${row},`)].join("\n"));
    const { all } = await conflictsRecipe.make({ train: { path, format: "csv" }, features: ["a"], label: "label", artefacts }, making());
    expect(all).toMatchObject({ rows: 4, conflicting: 2, beyond: 1 });
  });

  it("takes many fractions as label for a quantity, and codes of classes for classes", async () => {
    const made = async (name: string, label: (row: number) => number) => {
      const path = join(mkdtempSync(join(tmpdir(), "sextant-")), `${name}.csv`);
      writeFileSync(path, ["a,label", ...Array.from({ length: 400 }, (_, row) => `${row % 7},${label(row)}`)].join("\n"));
      return conflictsRecipe.make({ train: { path, format: "csv" }, features: ["a"], label: "label", artefacts }, making());
    };
    expect((await made("quantity", (row) => row + 0.5)).isQuantity).toBe(true);
    expect((await made("codes", (row) => row % 150)).isQuantity).toBe(false);
    expect((await made("halves", (row) => (row % 5) / 2)).isQuantity).toBe(false);
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
});
