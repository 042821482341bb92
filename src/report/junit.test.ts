import fc from "fast-check";
import { XmlDocument, XmlElement } from "libxml2-wasm";
import { describe, expect, it } from "vitest";
import { renderJunit } from "./junit.ts";
import { foreignAssessment } from "./testing/foreign.ts";
import { sampleAssessment } from "./testing/sample.ts";
import { junitErrors } from "./testing/validators.ts";

const sample = sampleAssessment();

/** Each case by another reader: its name, and what lies in it. */
function casesOf(document: string) {
  const xml = XmlDocument.fromString(document);
  const cases = xml.find("//testcase").map((node) => {
    if (!(node instanceof XmlElement)) throw new Error("a test case is an element");
    const inner = node.find("*")[0];
    const within = inner instanceof XmlElement ? inner : null;
    return { name: node.attr("name")?.value, tag: within?.name ?? null, message: within?.attr("message")?.value ?? null };
  });
  xml.dispose();
  return cases;
}

describe("an assessment as JUnit XML", () => {
  it("is valid against the schema of Jenkins, and the check can fail", () => {
    expect(junitErrors(renderJunit(sample))).toEqual([]);
    expect(junitErrors(renderJunit({ ...sample, results: [] }))).toEqual([]);
    expect(junitErrors(renderJunit(sample).replace("<testcase name", "<testcase title"))).not.toEqual([]);
    expect(junitErrors(renderJunit(sample).replace('tests="', 'tests="<'))).not.toEqual([]);
  });

  it("is valid whatever its texts and times are", () => {
    fc.assert(
      fc.property(foreignAssessment, (assessment) => {
        expect(junitErrors(renderJunit(assessment))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("passes what is met, fails what is unmet, and skips what is undecided, unassessed or inapplicable, saying which", () => {
    const cases = casesOf(renderJunit(sample));
    expect(cases).toHaveLength(sample.results.length);
    const tags = { met: null, unmet: "failure", errored: "error", undecided: "skipped", unassessed: "skipped", inapplicable: "skipped" };
    for (const { claim, subject, verdict, reason } of sample.results) {
      const found = cases.find(({ name }) => name === `${claim}: ${subject}`);
      expect(found?.tag, claim).toBe(tags[verdict]);
      if (found?.tag === "skipped") expect(found.message?.startsWith(`${verdict}: `)).toBe(true);
      if (found?.tag !== null) expect(found?.message).toContain(reason);
    }
  });

  it("counts in each suite what lies in it", () => {
    const xml = XmlDocument.fromString(renderJunit(sample));
    for (const suite of xml.find("//testsuite")) {
      const [tests, failures, errors, skipped] = ["testcase", "testcase/failure", "testcase/error", "testcase/skipped"].map((path) =>
        String(suite instanceof XmlElement ? suite.find(path).length : -1),
      );
      const told = ["tests", "failures", "errors", "skipped"].map((name) =>
        suite instanceof XmlElement ? suite.attr(name)?.value : undefined,
      );
      expect(told).toEqual([tests, failures, errors, skipped]);
    }
    xml.dispose();
  });

  it("writes markup, ends of sections and control characters as text", () => {
    const [first] = sample.results;
    const odd = { ...first!, verdict: "unmet" as const, subject: `<a b="c">&amp;]]>'`, reason: "\u001b[2J\u0000 \ufffe \ud800" };
    const [found] = casesOf(renderJunit({ ...sample, results: [odd] }));
    expect(found?.name).toBe(`${odd.claim}: ${odd.subject}`);
    expect(found?.message).toBe("\\u{1b}[2J\\u{0} \ufffd \\u{d800}");
  });
});
