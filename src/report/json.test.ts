import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json } from "../base/index.ts";
import { renderJson } from "./json.ts";
import { anyName, hostileNames } from "./testing/hostile.ts";
import { sampleAssessment } from "./testing/sample.ts";

test("the JSON holds the whole assessment and ends with a newline", () => {
  const sample = sampleAssessment();
  const text = renderJson(sample);
  expect(text.endsWith("}\n")).toBe(true);
  expect(JSON.parse(text)).toEqual(sample);
  expect(JSON.parse(text).cells).toHaveLength(27);
  expect(JSON.parse(text).requirements).toHaveLength(19);
});

test("fresh from a run or read back from evidence, the JSON is the same to the byte", () => {
  const sample = sampleAssessment();
  expect(renderJson(JSON.parse(canonicalJson(sample as unknown as Json)))).toBe(renderJson(sample));
});

test("what a thing is comes before what came of it", () => {
  expect(Object.keys(JSON.parse(renderJson(sampleAssessment()))).slice(0, 4)).toEqual(["schema", "catalogue", "tool", "system"]);
});

test("any name comes back as it was", () => {
  fc.assert(
    fc.property(fc.oneof(anyName, fc.constantFrom(...hostileNames)), (system) => {
      expect(JSON.parse(renderJson(sampleAssessment({ system }))).system.name).toBe(system);
    }),
    { numRuns: 30 },
  );
});
