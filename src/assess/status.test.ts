import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "./assessment.ts";
import { outcomeOf, statusOf } from "./status.ts";

const outcomes = ["met", "unmet", "undecided", "inapplicable", "errored", "unassessed"] as const satisfies readonly Outcome[];
const claims = fc.array(fc.constantFrom(...outcomes), { maxLength: 8 });

/** The table of the design, row by row, written a second way. */
const table: readonly (readonly [when: string, claims: readonly Outcome[], status: Outcome])[] = [
  ["any unmet", ["met", "unmet", "errored", "unassessed", "undecided"], "unmet"],
  ["any errored, none unmet", ["met", "errored", "unassessed", "undecided"], "errored"],
  ["any that could not run", ["met", "unassessed", "undecided"], "unassessed"],
  ["any undecided", ["met", "undecided", "inapplicable"], "undecided"],
  ["all met or inapplicable, at least one met", ["met", "inapplicable"], "met"],
  ["all inapplicable", ["inapplicable"], "unassessed"],
  ["no claim at all", [], "unassessed"],
];

describe("the status of a cell or a requirement", () => {
  it.each(table)("%s", (_when, given, status) => {
    expect(statusOf(true, given)).toBe(status);
  });

  it("is inapplicable where the threat does not stand, whatever was measured", () => {
    fc.assert(fc.property(claims, (given) => statusOf(false, given) === "inapplicable"));
  });

  it("is met only when every claim is met or inapplicable and one is met: missing evidence is never a pass", () => {
    fc.assert(
      fc.property(claims, (given) => {
        const pass = given.includes("met") && given.every((outcome) => outcome === "met" || outcome === "inapplicable");
        return (statusOf(true, given) === "met") === pass;
      }),
    );
  });

  it("does not depend on the claims' order or repetition", () => {
    fc.assert(fc.property(claims, (given) => statusOf(true, given) === statusOf(true, [...given, ...given].reverse())));
  });

  it("never gets better when a claim is added that is not met", () => {
    const rank = (status: Outcome) => ["met", "undecided", "unassessed", "errored", "unmet"].indexOf(status);
    const worse = fc.constantFrom<Outcome>("unmet", "errored", "unassessed", "undecided");
    fc.assert(
      fc.property(claims, worse, (given, added) => {
        const before = statusOf(true, given);
        return given.length === 0 || rank(statusOf(true, [...given, added])) >= rank(before) || before === "unassessed";
      }),
    );
  });
});

describe("a claim measured on several subjects", () => {
  it("is as bad as its worst subject, and inapplicable only when it is so for all", () => {
    expect(outcomeOf(["met", "unmet"])).toBe("unmet");
    expect(outcomeOf(["met", "inapplicable"])).toBe("met");
    expect(outcomeOf(["inapplicable", "inapplicable"])).toBe("inapplicable");
    expect(outcomeOf([])).toBe("unassessed");
  });
});
