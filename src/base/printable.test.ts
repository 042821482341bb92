import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, quoted } from "./printable.ts";

describe("printable text", () => {
  it("holds no control, format or separator character, whatever came in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("shows a terminal escape and a bidirectional override instead of obeying them", () => {
    expect(printable("\u001b[31mred")).toBe("\\u{1b}[31mred");
    expect(printable("abc\u202edef")).toBe("abc\\u{202e}def");
  });

  it("leaves words of any script alone, and cuts long names in the middle", () => {
    expect(printable("Größe 年齢 naïve")).toBe("Größe 年齢 naïve");
    expect(quoted("x".repeat(500)).length).toBeLessThanOrEqual(82);
  });
});
