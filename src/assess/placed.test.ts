import { expect, it } from "vitest";
import { seededRandom } from "../base/index.ts";
import { applicants, declaration, folders, tinyModel } from "../cli/testing/project.ts";
import { sextant } from "../cli/testing/run.ts";

const folder = folders();

it("a finding in a table of several files says which file and which row of it, also when the assessment is read back", async () => {
  const [head = "", ...rows] = applicants(seededRandom(1, "train"), 60).trimEnd().split("\n");
  const part = (lines: readonly string[]) => [head, ...lines, ""].join("\n");
  const root = await folder({
    "sextant.yaml": declaration.replace("train: train.csv", "train: train").replace("test: test.csv", "test: test-*.csv"),
    "train/a.csv": part(rows.slice(0, 30)),
    "train/b.csv": part(rows.slice(30)),
    "test-1.csv": part(applicants(seededRandom(2, "test"), 40).trimEnd().split("\n").slice(1)),
    "test-2.csv": part([...applicants(seededRandom(3, "test"), 5).trimEnd().split("\n").slice(1), rows[33] ?? ""]),
    "tiny.onnx": tinyModel(),
  });
  await sextant("assess", root, "--only", "contaminated-data/split-overlap");
  const { out } = await sextant("report", root, "--format", "json");
  const { results } = JSON.parse(out) as { results: { findings: { artefact: string; row: number; place: string }[] }[] };
  const findings = results.flatMap((result) => result.findings);
  expect(findings).toEqual([expect.objectContaining({ artefact: "dataset:applicants/test", row: 45, place: "test-2.csv, its row 5" })]);
});
