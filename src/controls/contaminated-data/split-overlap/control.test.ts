import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../base/index.ts";
import type { TableSource } from "../../../data/index.ts";
import { type Overlaps, overlapRecipe, type Shared } from "../../needs/overlap.ts";
import { contamination, creditSplit, making } from "../../testing/contamination-vector.ts";
import { testControl } from "../../testing/test-control.ts";
import { splitOverlap } from "./control.ts";

const split = (name: Shared["split"], rows: number, byAll: number | null, byFeatures = byAll ?? 0): Shared => ({
  split: name,
  artefact: `dataset:d/${name}`,
  rows,
  byFeatures,
  byAll,
  pairs: Array.from({ length: Math.min(50, byAll ?? byFeatures) }, (_, row) => ({ row, trainingRow: row + 7 })),
});

const seen = (splits: readonly Shared[], twins = 0): { overlaps: Overlaps } => ({
  overlaps: {
    features: 5,
    training: { artefact: "dataset:d/train", rows: 1000, twinsByAll: twins, twinsByFeatures: twins },
    splits,
  },
});

testControl(splitOverlap, {
  met: [
    { called: "no shared row", ...seen([split("test", 500, 0)]), reason: /^0\.0 % of the test rows \(0 of 500\)/ },
    { called: "as many as the limit allows", ...seen([split("test", 500, 5)]) },
    { called: "features alike, and other labels", ...seen([split("test", 500, 0, 100)]) },
  ],
  unmet: [
    {
      called: "copied rows",
      ...seen([split("test", 500, 50)], 2),
      reason:
        /^10\.0 % of the test rows \(50 of 500\) also stand in the training split, equal in all 5 features and the label \(limit 1\.0 %\); .*only 0\.2 % .*copied/,
    },
    { called: "rows alike by chance are not excused", ...seen([split("test", 500, 50)], 110), reason: /repeats itself as much \(11\.0 %/ },
    {
      called: "rows repeated before the data were split, which repeat as often in the training split",
      ...seen([split("test", 500, 300)], 600),
      reason: /or rows were repeated before the data were split$/,
    },
    {
      called: "more than the training split repeats itself, yet not by so much that most were copied",
      ...seen([split("test", 500, 150)], 200),
      reason: /within the training split 20\.0 % of rows have a twin, so some of them were copied/,
    },
    { called: "the evaluation split alone", ...seen([split("test", 500, 0), split("evaluation", 500, 6)]), reason: /evaluation rows/ },
    { called: "one row above the limit", ...seen([split("test", 99_999, 1000)]), reason: /1\.00001 % .*\(limit 1\.0 %\)/ },
    { called: "features alone where there is no label", ...seen([split("test", 500, null, 50)]), reason: /equal in all 5 features \(/ },
  ],
  undecided: [{ called: "nothing was compared", ...seen([]) }],
});

describe("overlap of splits", () => {
  const { features, label, rows, overlaps } = contamination;
  const artefacts = { train: "dataset:d/train", evaluation: "dataset:d/evaluation", test: "dataset:d/test" };

  it("counts rows of real splits as pandas does", async () => {
    const sources = { train: creditSplit("train"), evaluation: creditSplit("evaluation"), test: creditSplit("test") };
    const made = await overlapRecipe.make({ ...sources, features, label, artefacts, rows: rows.train ?? 0 }, making());
    expect(made.training).toMatchObject({ twinsByAll: overlaps.byAll.training, twinsByFeatures: overlaps.byFeatures.training });
    const found = made.splits.map(({ split: name, byAll, byFeatures, rows: n }) => [name, byAll, byFeatures, n]);
    expect(found).toEqual([
      ["test", overlaps.byAll.test, overlaps.byFeatures.test, rows.test],
      ["evaluation", overlaps.byAll.evaluation, overlaps.byFeatures.evaluation, rows.evaluation],
    ]);
  });

  it("finds each planted copy, and names its row and the row that it equals", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sextant-"));
    const random = seededRandom(5);
    const drawn = (n: number) => Array.from({ length: n }, () => [random.uniform(), random.integer(9), random.integer(2)].join(","));
    const write = (name: string, lines: readonly string[]): TableSource => {
      writeFileSync(join(folder, `${name}.csv`), ["a,b,label", ...lines].join("\n"));
      return { path: join(folder, `${name}.csv`), format: "csv" };
    };
    const train = drawn(2000);
    const test = drawn(1000);
    const planted = Array.from({ length: 30 }, (_, at) => ({ row: 30 * at, trainingRow: 50 * at + 3 }));
    for (const { row, trainingRow } of planted) test[row] = train[trainingRow] ?? "";
    const sources = { train: write("train", train), test: write("test", test) };
    const made = await overlapRecipe.make({ ...sources, features: ["a", "b"], label: "label", artefacts, rows: 2000 }, making());
    expect(made.splits[0]?.pairs).toEqual(planted);
    const measured = await splitOverlap.measure({ overlaps: made });
    expect(measured.findings?.[1]).toEqual({ artefact: "dataset:d/test", row: 30, reason: "equal to row 53 of dataset:d/train" });
    expect(splitOverlap.judge(measured, { share: 0.01 }, new Date(0)).verdict).toBe("unmet");
    expect(splitOverlap.judge(measured, { share: 0.03 }, new Date(0)).verdict).toBe("met");
  });

  it("keeps a bounded list of findings, and says how many there are", async () => {
    const measured = await splitOverlap.measure(seen([split("test", 500, 400), split("evaluation", 500, 300)]));
    expect(measured.findings?.length).toBeLessThanOrEqual(100);
    expect(measured.findingsTotal).toBe(700);
  });
});
