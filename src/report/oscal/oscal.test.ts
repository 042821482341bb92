import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foreignAssessment, placed } from "../testing/foreign.ts";
import { sampleAssessment } from "../testing/sample.ts";
import { oscalErrors } from "../testing/validators.ts";
import { uuidOf } from "./names.ts";
import { renderOscal } from "./oscal.ts";

const sample = placed(sampleAssessment());
const documentOf = (assessment = sample) => JSON.parse(renderOscal(assessment))["assessment-results"];

describe("an assessment as OSCAL assessment results", () => {
  it("is valid against the published schema, and the check can fail", () => {
    expect(oscalErrors(renderOscal(sample))).toEqual([]);
    expect(
      oscalErrors(renderOscal({ ...sample, results: [], artefacts: [], cells: sample.cells.map((cell) => ({ ...cell, applies: false })) })),
    ).toEqual([]);
    expect(oscalErrors(renderOscal(sample).replace("not-satisfied", "unsatisfied"))).not.toEqual([]);
  });

  it("is valid whatever its texts, lines and times are", () => {
    fc.assert(
      fc.property(foreignAssessment, (assessment) => {
        expect(oscalErrors(renderOscal(assessment))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("is the same to the byte for the same assessment, and shares no identifier with another", () => {
    expect(renderOscal(sample)).toBe(renderOscal(structuredClone(sample)));
    const uuids = (text: string) => new Set(text.match(/"uuid": "[^"]+"/g));
    const other = uuids(renderOscal({ ...sample, seed: sample.seed + 1 }));
    for (const uuid of uuids(renderOscal(sample))) expect(other.has(uuid)).toBe(false);
  });

  it("names each thing once, and refers to nothing that it does not hold", () => {
    const text = renderOscal(sample);
    const named = [...text.matchAll(/"uuid": "([^"]+)"/g)].map(([, uuid]) => uuid);
    expect(new Set(named).size).toBe(named.length);
    for (const [, uuid] of text.matchAll(/"(?:observation|risk|actor)-uuid": "([^"]+)"/g)) expect(named).toContain(uuid);
    expect(named).toContain(documentOf()["import-ap"].href.slice(1));
  });

  it("has a finding for all that applies: satisfied where it is met, and a risk where it is unmet alone", () => {
    const { findings, risks } = documentOf().results[0];
    const lines = [...sample.requirements, ...sample.cells].filter(({ applies }) => applies);
    expect(findings.map(({ target }: { target: { status: { state: string } } }) => target.status.state)).toEqual(
      lines.map(({ status }) => (status === "met" ? "satisfied" : "not-satisfied")),
    );
    expect(risks).toHaveLength(lines.filter(({ status }) => status === "unmet").length);
  });

  it("has an observation for each result, with its evidence", () => {
    const { observations } = documentOf().results[0];
    expect(observations.map(({ description }: { description: string }) => description)).toEqual(sample.results.map(({ reason }) => reason));
    for (const [at, { evidence }] of sample.results.entries()) {
      expect(observations[at]["relevant-evidence"]?.length ?? 0).toBe(evidence === null ? 0 : 1);
    }
  });
});

describe("a UUID of version 5", () => {
  it("equals the published example of RFC 9562, A.4", () => {
    expect(uuidOf("www.example.com", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });
});
