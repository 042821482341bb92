import { describe, expect, it } from "vitest";
import { lowerings } from "../lower.ts";
import { loweredCases } from "../testing/cases/lowered.ts";
import { checkLowering } from "../testing/check-lowering.ts";
import { learned } from "./learned.ts";
import { patterns } from "./patterns.ts";

describe("an operator that is written as others answers as before, and has the gradient that central differences give", () => {
  // The others are checked against models: lower.test.ts.
  const elsewhere = new Set([...Object.keys(learned), ...Object.keys(patterns)]);
  it.each(
    Object.keys(lowerings)
      .filter((op) => !elsewhere.has(op))
      .sort(),
  )("%s", async (op) => {
    expect(loweredCases[op]?.length, `${op} has no case`).toBeGreaterThan(0);
    for (const [at, make] of (loweredCases[op] ?? []).entries()) await checkLowering(`${op} ${at}`, make);
  });
});
