import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf, digestOfJson, type Json } from "../base/index.ts";
import { openEvidence } from "./index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sextant-evidence-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("evidence", () => {
  it("is named by its content and reads back equal", async () => {
    const evidence = openEvidence(folder);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        const digest = await evidence.put(value as Json);
        expect(digest).toBe(digestOfJson(value as Json));
        expect(await evidence.get(digest)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 30 },
    );
  });

  it("is never used once a byte of it changed", async () => {
    const evidence = openEvidence(folder);
    const digest = await evidence.put({ verdict: "unmet" });
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), '{"verdict":"met"}');
    await expect(evidence.get(digest)).rejects.toMatchObject({ code: "EVIDENCE_ALTERED" });
  });

  it("has pictures beside it, by their content, and none that changed", async () => {
    const evidence = openEvidence(folder);
    const png = Buffer.from("89504e470d0a1a0a00", "hex");
    const digest = await evidence.attach(png);
    expect(digest).toBe(digestOf(png));
    expect(await evidence.attached(digest)).toEqual(png);
    expect(await evidence.list()).toEqual([]);
    await writeFile(join(folder, `${digest.slice(7)}.png`), "another");
    expect(await evidence.attached(digest)).toBeNull();
    await evidence.attach(png);
    expect(await evidence.attached(digest)).toEqual(png);
    expect(await evidence.attached(digestOf("nothing"))).toBeNull();
    await expect(evidence.attach(Buffer.alloc(2 ** 20 + 1))).rejects.toThrow("is not kept");
  });

  it("is a plain file of its own: no link, pipe or folder is read, and each is replaced when the same is written again", async () => {
    const evidence = openEvidence(folder);
    const digest = await evidence.put({ verdict: "unmet" });
    const path = join(folder, `${digest.slice(7)}.json`);
    const elsewhere = join(folder, "elsewhere");
    await rename(path, elsewhere);
    const stands: readonly (() => unknown)[] = [() => symlink(elsewhere, path), () => execFileSync("mkfifo", [path])];
    for (const stand of process.platform === "win32" ? [] : stands) {
      await stand();
      await expect(evidence.get(digest)).rejects.toMatchObject({ code: "EVIDENCE_ALTERED" });
      expect(await evidence.put({ verdict: "unmet" })).toBe(digest);
      expect(await evidence.get(digest)).toEqual({ verdict: "unmet" });
      await rm(path);
    }
    await mkdir(path);
    await expect(evidence.get(digest)).rejects.toMatchObject({ code: "EVIDENCE_ALTERED" });
  });

  it("is never taken from a file that is well named and no JSON", async () => {
    const text = "no JSON at all";
    await writeFile(join(folder, `${digestOf(text).slice(7)}.json`), text);
    await expect(openEvidence(folder).get(digestOf(text))).rejects.toMatchObject({ code: "EVIDENCE_ALTERED" });
  });

  it("lists what is there, leaves foreign files out, and says null for what is not", async () => {
    const evidence = openEvidence(folder);
    const digest = await evidence.put([1]);
    await writeFile(join(folder, "notes.json"), "{}");
    expect(await evidence.list()).toEqual([digest]);
    expect(await evidence.get(digestOfJson("never written"))).toBeNull();
  });
});
