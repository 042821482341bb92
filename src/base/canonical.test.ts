import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, digestOf, digestOfFile, isDigest, type Json } from "./canonical.ts";

const shuffled = (value: Json, flip: boolean): Json => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each: Json) => shuffled(each, flip));
  const entries = Object.entries(value).map(([key, each]) => [key, shuffled(each ?? null, flip)] as const);
  return Object.fromEntries(flip ? entries.reverse() : entries);
};

describe("canonical JSON", () => {
  it("says the same whatever the order of keys, and reads back equal", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value as Json);
        expect(canonicalJson(shuffled(value as Json, true))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("sorts keys by code unit, as RFC 8785 does", () => {
    expect(canonicalJson({ "€": 1, "\r": 2, "1": 3, "😀": 4, ö: 5 })).toBe('{"\\r":2,"1":3,"ö":5,"€":1,"😀":4}');
  });

  it("refuses numbers that JSON cannot hold", () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(RangeError);
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(RangeError);
  });
});

describe("a digest", () => {
  it("is the published SHA-256 of “abc” (FIPS 180-4)", () => {
    expect(digestOf("abc")).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("of a file is that of its bytes, and is given up when asked to", async () => {
    const path = fileURLToPath(import.meta.url);
    expect(await digestOfFile(path)).toBe(digestOf(readFileSync(path)));
    await expect(digestOfFile(path, AbortSignal.abort())).rejects.toThrow();
  });

  it("is nothing else than sha256: and 64 hexadecimal digits", () => {
    expect(isDigest(digestOf(""))).toBe(true);
    for (const text of ["sha256:../../etc/passwd", `sha256:${"A".repeat(64)}`, `${digestOf("")}\n`, 7]) expect(isDigest(text)).toBe(false);
  });
});
