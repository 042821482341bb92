import fc from "fast-check";
import { assessmentSchema } from "../../assess/assessment-schema.ts";
import type { Assessment } from "../../assess/index.ts";
import { anyName, hostileNames } from "./hostile.ts";
import { sampleAssessment } from "./sample.ts";

/** Keys whose texts the schema of an assessment bounds: they cannot hold anything. */
const bounded = new Set([
  "schema",
  "verdict",
  "outcome",
  "status",
  "level",
  "budget",
  "digest",
  "evidence",
  "startedAt",
  "finishedAt",
  "unit",
  "better",
]);
const boundedKinds = new Set(["line", "bars", "points"]);

/** Texts that the formats have their own trouble with, beside those that any page has. */
const awkward = [
  "",
  " ",
  "=1+1",
  "+1",
  "-1",
  "@a",
  "{0}",
  "{",
  "[a](b)",
  "[a](1)",
  "\\",
  "]]>",
  "\ufffe\uffff",
  "a\r\nb\tc",
  "../../x",
  "a:b",
  "//h/p",
  "a\\b",
  "0",
  "1. x",
];
const anyText = fc.oneof(anyName, fc.constantFrom(...hostileNames, ...awkward));

/** An assessment as a stranger might have written it: every text that may be anything is anything, places are wild, and so are times. */
export const foreignAssessment: fc.Arbitrary<Assessment> = fc
  .record({
    texts: fc.array(anyText, { minLength: 8, maxLength: 8 }),
    line: fc.integer({ min: 1 }),
    milliseconds: fc.double({ noNaN: true, noDefaultInfinity: true }),
  })
  .map(({ texts, line, milliseconds }) => {
    let at = 0;
    const next = () => texts[at++ % texts.length] ?? "";
    const changed = (value: unknown, key: string): unknown => {
      if (typeof value === "string") return bounded.has(key) || (key === "kind" && boundedKinds.has(value)) ? value : next();
      if (Array.isArray(value)) return value.map((each) => changed(each, key));
      if (typeof value !== "object" || value === null) return value;
      // The sample leaves out whose an interval is; what is read back from a file does not.
      const whose = "low" in value || "high" in value ? { population: "" } : {};
      return Object.fromEntries(Object.entries({ ...value, ...whose }).map(([name, each]) => [name, changed(each, name)]));
    };
    const sample = placed(sampleAssessment(), line);
    const foreign = changed({ ...sample, results: sample.results.map((result) => ({ ...result, milliseconds })) }, "") as Assessment;
    return assessmentSchema.parse({
      ...foreign,
      artefacts: sample.artefacts.map((artefact) => ({ ...artefact, path: next(), about: next() })),
    });
  });

/** The sample with the places that a run writes into it. */
export function placed(assessment: Assessment, line = 12): Assessment {
  const declared = { line, column: 5 };
  return {
    ...assessment,
    declaration: "sextant.yaml",
    artefacts: assessment.artefacts.map((artefact) => ({ ...artefact, path: `data/${artefact.id.replaceAll("/", "-")}`, declared })),
    results: assessment.results.map((result) => ({ ...result, declared })),
  };
}
