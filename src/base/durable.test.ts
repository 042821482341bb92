import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NotPlainFile, readPlainFile, writeDurably } from "./durable.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sextant-durable-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("durable writing", () => {
  it("replaces the whole content and leaves nothing aside", async () => {
    const path = join(folder, "deep", "file");
    await writeDurably(path, "first, and long");
    await writeDurably(path, "second");
    expect(await readFile(path, "utf8")).toBe("second");
    expect(await readdir(join(folder, "deep"))).toEqual(["file"]);
  });

  it("leaves nothing half-written when the rename cannot succeed", async () => {
    const target = join(folder, "occupied");
    await writeDurably(join(target, "child"), "a folder stands where the file should go");
    await expect(writeDurably(target, "content")).rejects.toMatchObject({ path: target });
    expect(await readdir(folder)).toEqual(["occupied"]);
  });

  it("gives readers the old content or the new while many writers race", async () => {
    const path = join(folder, "raced");
    const contents = Array.from({ length: 20 }, (_, at) => String(at).repeat(10_000));
    await Promise.all(contents.map((content) => writeDurably(path, content)));
    expect(contents).toContain(await readFile(path, "utf8"));
  });
});

describe("reading a file that others may have put there", () => {
  it("gives its bytes, or null where there is none", async () => {
    const path = join(folder, "file");
    expect(await readPlainFile(path, 10)).toBeNull();
    await writeDurably(path, "1234567890");
    expect(String(await readPlainFile(path, 10))).toBe("1234567890");
  });

  it("refuses what is larger than it may be, a folder, and on systems that have them links and devices", async () => {
    const path = join(folder, "file");
    await writeDurably(path, "1234567890");
    await expect(readPlainFile(path, 9)).rejects.toThrow(NotPlainFile);
    if (process.platform === "win32") return;
    await expect(readPlainFile(folder, 10)).rejects.toThrow(NotPlainFile);
    await symlink(path, join(folder, "link"));
    await expect(readPlainFile(join(folder, "link"), 10)).rejects.toThrow(NotPlainFile);
    await expect(readPlainFile("/dev/zero", 10)).rejects.toThrow(NotPlainFile);
  });
});
