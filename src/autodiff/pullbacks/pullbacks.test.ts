import { describe, expect, it } from "vitest";
import { cases } from "../testing/cases/index.ts";
import { checkPullback } from "../testing/check-pullback.ts";
import { pullbacks } from "./index.ts";

describe("every pullback gives what central differences give, at random shapes", () => {
  it.each(Object.keys(pullbacks).sort())("%s", async (op) => {
    const makers = cases[op as keyof typeof cases] ?? [];
    expect(makers.length, `${op} has no case`).toBeGreaterThan(0);
    for (const [at, make] of makers.entries()) await checkPullback(`${op} ${at}`, make, Math.ceil(4 / makers.length));
  });
});
