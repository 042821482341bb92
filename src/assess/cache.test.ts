import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../base/index.ts";
import { openCache } from "./cache.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sextant-cache-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const key = digestOf("some recipe with some inputs");

describe("the cache of derived artefacts", () => {
  it("gives back typed arrays, texts and nested data as they were", async () => {
    const cache = openCache(folder);
    const made = { rows: 2, values: Float64Array.of(1, Number.NaN), names: ["a", "b"], deep: { codes: Int32Array.of(-1) } };
    await cache.put(key, made);
    expect(await cache.get(key)).toEqual(made);
    expect(await cache.has(key)).toBe(true);
    expect(await cache.has(digestOf("another"))).toBe(false);
  });

  it("stores the same content once, under many keys", async () => {
    const cache = openCache(folder);
    await cache.put(key, [1, 2, 3]);
    await cache.put(digestOf("another"), [1, 2, 3]);
    expect(await readdir(join(folder, "objects"))).toHaveLength(1);
  });

  it("takes damaged bytes and damaged keys for missing", async () => {
    const cache = openCache(folder);
    await cache.put(key, "content");
    const [object = ""] = await readdir(join(folder, "objects"));
    await writeFile(join(folder, "objects", object), "other bytes");
    expect(await cache.get(key)).toBeNull();
    await cache.put(key, "content");
    expect(await cache.get(key)).toBe("content");
    const [name = ""] = await readdir(join(folder, "keys"));
    await writeFile(join(folder, "keys", name), "sha256:../../../etc/passwd");
    expect(await cache.get(key)).toBeNull();
  });

  it("takes for missing what another Node wrote in a form that this one cannot read", async () => {
    const cache = openCache(folder);
    await cache.put(key, "content");
    const bytes = Buffer.from([0xff, 0xfe, 0x6f]);
    await writeFile(join(folder, "objects", digestOf(bytes).slice("sha256:".length)), bytes);
    await writeFile(join(folder, "keys", key.slice("sha256:".length)), digestOf(bytes));
    expect(await cache.get(key)).toBeNull();
  });

  it("forgets one key and keeps the others", async () => {
    const cache = openCache(folder);
    await cache.put(key, "content");
    await cache.put(digestOf("another"), "content");
    await cache.forget(key);
    await cache.forget(key);
    expect([await cache.get(key), await cache.get(digestOf("another"))]).toEqual([null, "content"]);
  });

  it("forgets the oldest beyond its size", async () => {
    const cache = openCache(folder);
    await cache.put(key, "x".repeat(10_000));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cache.put(digestOf("newer"), "y".repeat(10_000));
    await cache.trim(15_000);
    expect(await cache.get(key)).toBeNull();
    expect(await cache.get(digestOf("newer"))).not.toBeNull();
  });
});
