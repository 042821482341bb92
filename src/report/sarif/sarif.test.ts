import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assessment, Outcome } from "../../assess/index.ts";
import { foreignAssessment, placed } from "../testing/foreign.ts";
import { sampleAssessment } from "../testing/sample.ts";
import { sarifErrors } from "../testing/validators.ts";
import { renderSarif, type SarifOptions } from "./sarif.ts";

const sample = placed(sampleAssessment());
const runOf = (assessment: Assessment, options?: SarifOptions) => JSON.parse(renderSarif(assessment, options)).runs[0];

describe("an assessment as SARIF 2.1.0", () => {
  it("is valid against the published schema, with and without what is met", () => {
    expect(sarifErrors(renderSarif(sample))).toEqual([]);
    expect(sarifErrors(renderSarif(sample, { all: true }))).toEqual([]);
    expect(sarifErrors(renderSarif({ ...sample, results: [], artefacts: [] }))).toEqual([]);
  });

  it("is refused by that schema when a part is missing: the check can fail", () => {
    expect(sarifErrors(renderSarif(sample).replaceAll('"text"', '"texts"'))).not.toEqual([]);
  });

  it("is valid whatever its texts, lines and times are", () => {
    fc.assert(
      fc.property(foreignAssessment, (assessment) => {
        expect(sarifErrors(renderSarif(assessment, { all: true, prefix: "a b/c" }))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("has a result for each open result, under a rule with its claim's id and words, at its place in sextant.yaml", () => {
    const { results, tool } = runOf(sample);
    const open = sample.results.filter(({ verdict }) => verdict !== "met" && verdict !== "inapplicable");
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(open.map(({ claim }) => claim));
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(locations[0].physicalLocation).toMatchObject({
        artifactLocation: { uri: "sextant.yaml", index: 0 },
        region: { startLine: 12, startColumn: 5 },
      });
    }
    for (const rule of tool.driver.rules) {
      expect(rule.help.text).toContain(`sextant explain ${rule.id}`);
      expect(rule.helpUri).toBeUndefined();
    }
  });

  const grades: readonly [Outcome, "required" | "recommended", string, string][] = [
    ["unmet", "required", "fail", "error"],
    ["unmet", "recommended", "fail", "warning"],
    ["errored", "required", "fail", "error"],
    ["undecided", "required", "fail", "warning"],
    ["undecided", "recommended", "fail", "warning"],
    ["unassessed", "required", "fail", "note"],
    ["met", "required", "pass", "none"],
    ["inapplicable", "required", "notApplicable", "none"],
  ];
  it.each(grades)("%s and %s is a %s of level %s", (verdict, level, kind, grade) => {
    const [first] = sample.results;
    const changed = {
      ...sample,
      results: [{ ...first!, verdict }],
      cells: sample.cells.map((cell) => ({ ...cell, level })),
      requirements: sample.requirements.map((requirement) => ({ ...requirement, level })),
    };
    expect(runOf(changed, { all: true }).results).toMatchObject([{ kind, level: grade, properties: { outcome: verdict, level } }]);
  });

  it("keeps its fingerprints while lines, reasons and verdicts change, and has a different one for each claim and subject", () => {
    const prints = ({ results }: { results: { partialFingerprints: Record<string, string> }[] }) =>
      results.map(({ partialFingerprints }) => partialFingerprints["sextantClaimAndSubject/v1"]);
    const later = placed(
      { ...sample, results: sample.results.map((result) => ({ ...result, reason: "another", verdict: "unmet" as const })) },
      99,
    );
    expect(prints(runOf(later))).toEqual(prints(runOf(sample, { all: true })));
    expect(new Set(prints(runOf(later))).size).toBe(sample.results.length);
  });

  it("names files with their digests, by paths from the folder that was asked for, each part encoded", () => {
    const [artefact] = sample.artefacts;
    const odd = { ...sample, artefacts: [{ ...artefact!, path: "data/a b#?%.csv" }] };
    const { artifacts } = runOf(odd, { prefix: "examples/credit" });
    expect(artifacts.map(({ location }: { location: { uri: string } }) => location.uri)).toEqual([
      "examples/credit/sextant.yaml",
      "examples/credit/data/a%20b%23%3F%25.csv",
    ]);
    expect(artifacts[1].hashes).toEqual({ "sha-256": artefact!.digest.slice(7) });
  });

  it("puts findings beside their result: in their file, by row, and at no line that nobody knows", () => {
    const [artefact] = sample.artefacts;
    const [first] = sample.results;
    const findings = Array.from({ length: 300 }, (_, row) => ({ artefact: artefact!.id, row, column: "age", reason: `twin of ${row}` }));
    const { results } = runOf({ ...sample, results: [{ ...first!, verdict: "unmet", findings, findingsTotal: 1204 }] });
    const related = results[0].relatedLocations;
    expect(related).toHaveLength(100);
    expect(related[7]).toMatchObject({
      message: { text: "twin of 7" },
      physicalLocation: { artifactLocation: { uri: artefact!.path, index: 1 } },
      logicalLocations: [{ name: "row 7 (from 0), column age" }],
      properties: { row: 7, column: "age" },
    });
    expect(related[7].physicalLocation.region).toBeUndefined();
    expect(results[0].message.text).toContain("1204 findings");
  });

  it("gives a finding its line where the file's rows are lines", () => {
    const [artefact] = sample.artefacts;
    const [first] = sample.results;
    const findings = [{ artefact: artefact!.id, row: 40, reason: "twin" }];
    const lined = {
      ...sample,
      artefacts: [{ ...artefact!, firstRowLine: 2 }],
      results: [{ ...first!, verdict: "unmet" as const, findings, findingsTotal: 1 }],
    };
    expect(runOf(lined).results[0].relatedLocations[0].physicalLocation.region).toEqual({ startLine: 42 });
  });

  it("lists nothing twice, where findings, artefacts or the words of two claims are the same", () => {
    const [first] = sample.results;
    const [artefact] = sample.artefacts;
    const finding = { artefact: artefact!.id, row: 1, reason: "twin" };
    const twice = { ...first!, verdict: "unmet" as const, findings: [finding, finding], findingsTotal: 2 };
    const odd = { ...sample, artefacts: [artefact!, artefact!], results: [twice, { ...twice, claim: `${twice.claim} ` }] };
    expect(sarifErrors(renderSarif(odd))).toEqual([]);
    expect(runOf(odd).results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([0, 0]);
  });

  it("tells of controls that errored, and the exit code", () => {
    const [invocation] = runOf(sample).invocations;
    const errored = sample.results.filter(({ verdict }) => verdict === "errored");
    expect(errored.length).toBeGreaterThan(0);
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 3 });
    expect(invocation.toolExecutionNotifications).toHaveLength(errored.length);
  });

  it("makes no link and no placeholder of a name", () => {
    const [first] = sample.results;
    const { results } = runOf({ ...sample, results: [{ ...first!, verdict: "unmet", reason: "[free](https://example.invalid) {0}" }] });
    expect(results[0].message.text).toContain("[free] (https://example.invalid) {{0}}");
  });
});
