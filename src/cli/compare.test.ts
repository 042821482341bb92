import { describe, expect, it } from "vitest";
import { declaration, type Files, folders, tinyModel, tinyProject } from "./testing/project.ts";
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
const files: Files = { ...tinyProject({ rows: 600 }), "simpler.onnx": tinyModel([1, 0]) };

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

  it("takes answers that stand in a table of their own for a candidate: what a table cannot give stays open", async () => {
    const rows = String(files["test.csv"]).trim().split("\n").slice(1);
    const answers = rows.map((row) => (Number(row.split(",")[0]) > 0 ? "granted" : "refused"));
    const written = withCandidate.replace(
      /file: simpler[\s\S]*?classes: .*\n/,
      "predictions: { label: answer, files: { test: answers.csv } }\n    testedOn: [applicants]\n",
    );
    const root = await folder({ ...files, "answers.csv": ["answer", ...answers, ""].join("\n"), "sextant.yaml": written });
    const { code, out } = await sextant("compare", root, "--format", "json");
    expect(code).toBe(0);
    const [{ candidates, verdict }] = JSON.parse(out).comparisons;
    const right = rows.filter((row, at) => row.endsWith(`,${answers[at]}`)).length;
    expect(candidates[1]).toMatchObject({ id: "simpler", measures: { accuracy: { value: right / rows.length } } });
    expect(candidates[1].measures["latency-p99"]).toBeUndefined();
    expect(["undecided", "met"]).toContain(verdict.verdict);
  });

  it("counts beforehand what an endpoint among the candidates is asked", async () => {
    const asked = withCandidate.replace(
      /file: simpler[\s\S]*?classes: .*\n/,
      'endpoint: { url: "http://127.0.0.1:9", protocol: mlflow, queries: 100000 }\n    testedOn: [applicants]\n    classes: [refused, granted]\n',
    );
    const root = await folder({ ...files, "sextant.yaml": asked });
    const { out } = await sextant("assess", root, "--only", "weak-algorithm/candidates-compared", "--plan", "--format", "json");
    const [{ asks }] = JSON.parse(out).tasks;
    const queries = asks.map((each: { queries: number }) => each.queries).sort((a: number, b: number) => a - b);
    // The timed calls with their warm-up, 600 rows of each split, and more where they are corrupted.
    expect(queries.slice(0, 3)).toEqual([550, 600, 600]);
    expect(queries[3]).toBeGreaterThan(600);
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
