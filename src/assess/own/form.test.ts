import { expect, test } from "vitest";
import { measuredSchema } from "../measurement.ts";
import { mustBe, verdictSchema } from "./form.ts";

const measure = { name: "share right", value: 0.5, unit: "share" };

test.each([
  ["no number", measuredSchema, { measures: [{ ...measure, value: Number.NaN }] }, "measures[0].value: expected a number; this is NaN"],
  ["a name left out", measuredSchema, { measures: [{ value: 1, unit: "share" }] }, "measures[0].name is missing: a text is wanted"],
  [
    "a unit that there is not",
    measuredSchema,
    { measures: [{ ...measure, unit: "furlongs" }] },
    "measures[0].unit: expected one of share,",
  ],
  ["an interval of nobody", measuredSchema, { measures: [{ ...measure, low: 0 }] }, "measures[0]: an interval must name its population"],
  ["nothing", measuredSchema, undefined, "the whole is missing: a mapping"],
  ["a list", measuredSchema, [measure], "the whole: expected a mapping (`key: value`); this is a list"],
  ["a verdict that there is not", verdictSchema, { verdict: "splendid", reason: "so" }, "verdict: expected one of met, unmet"],
  ["a key too many", verdictSchema, { verdict: "met", reason: "so", why: "" }, "the whole: nothing is called “why” here"],
])("what a control hands over is refused in words where it is %s", (_, schema, value, says) => {
  const refused = () => mustBe<unknown>(schema, value, "controls/right.ts", "what it measured");
  expect(refused).toThrow(`what it measured does not keep to its form: ${says}`);
  expect(refused).toThrow(expect.objectContaining({ code: "CONTROL_INVALID", place: { file: "controls/right.ts" } }));
});
