import { describe, expect, it } from "vitest";
import { declaration, folders, tinyModel, tinyProject } from "./testing/project.ts";
import { sextant } from "./testing/run.ts";

const folder = folders();

/** A second model that looks at the income alone. */
const withCandidate = declaration.replace(
  "services:",
  `  - id: simpler
    file: simpler.onnx
    trainedOn: [applicants]
    inputs: { x: [income, debt] }
    classes: [refused, granted]
    candidate: true
services:`,
);
const files = { ...tinyProject({ rows: 600 }), "simpler.onnx": tinyModel([1, 0]) };

describe("sextant compare", () => {
  it("puts the chosen model, the candidates and simple ones side by side, in each format", async () => {
    const root = await folder({ ...files, "sextant.yaml": withCandidate });
    const json = await sextant("compare", root, "--format", "json");
    expect([json.code, json.err]).toEqual([0, ""]);
    const { schema, comparisons } = JSON.parse(json.out);
    expect(schema).toBe("sextant/comparison@1");
    const { candidates, differences } = comparisons[0];
    expect(candidates.slice(0, 2).map(({ id, is }: { id: string; is: string }) => [id, is])).toEqual([
      ["tiny", "chosen"],
      ["simpler", "candidate"],
    ]);
    expect(Object.keys(candidates[0].measures)).toEqual(
      expect.arrayContaining([
        "accuracy",
        "worst-group-error",
        "calibration-error",
        "membership-leakage",
        "latency-p99",
        "size",
        "memory",
        "time-per-million",
      ]),
    );
    expect(differences.find(({ candidate }: { candidate: string }) => candidate === "simpler").real).toBe(true);
    const text = await sextant("compare", root);
    expect(text.out.replace(/\s+/g, " ")).toContain("Real differences of accuracy");
    expect((await sextant("compare", root, "--format", "markdown")).out).toContain("| simpler | candidate |");
    expect((await sextant("compare", root, "--format", "html")).out).toMatch(/^<!doctype html>[\s\S]*simpler/);
  });

  it("measures a candidate for nothing else", async () => {
    const root = await folder({ ...files, "sextant.yaml": withCandidate });
    const { out } = await sextant("assess", root, "--only", "weak-algorithm/size", "--format", "json");
    const results: readonly { model?: string }[] = JSON.parse(out).results;
    expect(results.filter(({ model }) => model === "simpler")).toEqual([]);
  });

  it("says what is missing where there is nothing to compare, or where nobody was chosen", async () => {
    const alone = await sextant("compare", await folder(files));
    expect([alone.code, alone.err]).toEqual([2, expect.stringMatching(/COMPARISON_IMPOSSIBLE[\s\S]*only one model[\s\S]*candidate: true/)]);
    const unclear = withCandidate.replace("    candidate: true\n", "").replace(/services: .*/, "services: []");
    const two = await sextant("compare", await folder({ ...files, "sextant.yaml": unclear }));
    expect([two.code, two.err]).toEqual([2, expect.stringMatching(/which of tiny, simpler is chosen/)]);
  });

  it("reads each candidate by the order of its own classes", async () => {
    const other = withCandidate.replace(/(id: simpler[\s\S]*?)classes: \[refused, granted\]/, "$1classes: [granted, refused]");
    const { code, out } = await sextant("compare", await folder({ ...files, "sextant.yaml": other }), "--format", "json");
    expect(code).toBe(0);
    const [{ candidates }] = JSON.parse(out).comparisons;
    const accuracy = (at: number) => candidates[at].measures.accuracy.value;
    expect(accuracy(1)).toBeLessThan(0.5); // a model whose score is read the wrong way round
  });
});
