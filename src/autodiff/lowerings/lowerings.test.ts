import { describe, it } from "vitest";
import { loweredCases } from "../testing/cases/lowered.ts";
import { checkLowering } from "../testing/check-lowering.ts";

describe("an operator that is written as others answers as before, and has the gradient that central differences give", () => {
  it.each(Object.keys(loweredCases).sort())("%s", async (op) => {
    for (const [at, make] of (loweredCases[op] ?? []).entries()) await checkLowering(`${op} ${at}`, make);
  });
});
