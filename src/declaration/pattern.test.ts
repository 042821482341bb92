import { matchesGlob } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patternOf } from "./pattern.ts";

describe("A pattern of paths", () => {
  it("stands for what Node's own stands for", () => {
    const piece = fc.constantFrom("a", "b", "ab", "*", "?", "[ab]", "[!a]", "{a,b}", "{ab,b*}", ".csv");
    const name = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("").replace(/\*\*+/g, "*"));
    const pattern = fc.array(fc.oneof({ weight: 3, arbitrary: name }, fc.constant("**")), { minLength: 1, maxLength: 3 });
    const path = fc.array(fc.stringMatching(/^[abc]{1,3}(\.csv)?$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(pattern, path, (folders, names) => {
        const [text, way] = [folders.join("/"), names.join("/")];
        expect(patternOf(text)?.(way), `${text} ${way}`).toBe(matchesGlob(way, text));
      }),
      { numRuns: 1000 },
    );
  });

  it("that would keep Node's own busy for ever is answered, or is none", () => {
    expect(patternOf(`${"*a".repeat(60)}b.csv`)?.(`${"a".repeat(250)}.csv`)).toBe(false);
    expect(patternOf(`${"**/".repeat(60)}x.csv`)?.(`${"a/".repeat(60)}y.csv`)).toBe(false);
    for (const text of [`${"{a,b}".repeat(40)}.csv`, "{a,{b,c}}.csv", "{a,b.csv", "a}.csv"]) expect(patternOf(text), text).toBeNull();
  });
});
