import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { column } from "../../testing/balance-vector.ts";
import { judgeBalance } from "./judge.ts";
import { measureBalance } from "./measure.ts";

const name = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("(missing)", "constructor", "toString", "1", "1.0"));
const rows = fc.dictionary(name, fc.nat(300), { maxKeys: 8, noNullPrototype: true });
const shares = fc.dictionary(name, fc.double({ min: 0, max: 1, noNaN: true }), { maxKeys: 8, noNullPrototype: true });

describe("balance", () => {
  it("gives finite numbers and one of three verdicts, whatever is counted and declared", () => {
    fc.assert(
      fc.property(
        rows,
        shares,
        fc.boolean(),
        fc.constantFrom("class" as const, "group" as const),
        (counted, declared, isDeclared, what) => {
          const measured = measureBalance(what, [column("it", counted)], isDeclared ? { it: declared } : {});
          for (const { value, baseline = 0 } of measured.measures) expect(Number.isFinite(value) && Number.isFinite(baseline)).toBe(true);
          for (const { y, reference = [] } of measured.series ?? []) expect([...y.values, ...reference].every(Number.isFinite)).toBe(true);
          const limits = { rows: 100, ofPopulation: 0.8, ofEven: what === "class" ? 0.4 : null };
          const { verdict, reason, remedy } = judgeBalance(what, JSON.parse(JSON.stringify(measured)), limits);
          expect(["met", "unmet", "undecided"]).toContain(verdict);
          expect(reason).not.toMatch(/NaN|undefined|Infinity/);
          if (verdict !== "met") expect(remedy).not.toMatch(/NaN|undefined|Infinity/);
          const fewest = Math.min(...Object.entries(counted).flatMap(([group, n]) => (group === "(missing)" ? [] : [n])));
          if (fewest < 100) expect(verdict).toBe("unmet");
        },
      ),
      { numRuns: 500 },
    );
  });
});
