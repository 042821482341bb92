import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sextant-code-"));
  vi.resetModules();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A fresh module each time: digests are remembered for the life of a process. */
async function digestWith(files: Readonly<Record<string, string>>): Promise<string> {
  vi.resetModules();
  const { codeDigest } = await import("./code.ts");
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return codeDigest(pathToFileURL(join(folder, "control.ts")).href);
}

const control = 'import { a } from "./a.ts";\nexport const control = a;\n';

describe("the hash over a control's code", () => {
  it("changes with a file that is imported by an import, and not with one that nobody imports", async () => {
    const before = await digestWith({
      "control.ts": control,
      "a.ts": 'export { b as a } from "./b.ts";',
      "b.ts": "export const b = 1;",
      "c.ts": "",
    });
    expect(await digestWith({ "c.ts": "export const c = 1;" })).toBe(before);
    expect(await digestWith({ "b.ts": "export const b = 2;" })).not.toBe(before);
  });

  it("follows import() and imports over several lines, ends on cycles, and leaves types out", async () => {
    const text =
      'import {\n  a,\n} from "./a.ts";\nimport type { T } from "./types.ts";\nexport const late = () => import("./late.ts");\nexport const control = a;\n';
    const files = {
      "control.ts": text,
      "a.ts": 'import "./control.ts";\nexport const a = 1;',
      "late.ts": "export const x = 1;",
      "types.ts": "export type T = 1;",
    };
    const before = await digestWith(files);
    expect(await digestWith({ "types.ts": "export type T = 2;" })).toBe(before);
    expect(await digestWith({ "late.ts": "export const x = 2;" })).not.toBe(before);
  });

  it("holds the versions of the packages and of Node", async () => {
    const plain = await digestWith({ "control.ts": "export const control = 1;" });
    expect(await digestWith({ "control.ts": 'import { readFileSync } from "node:fs";\nexport const control = readFileSync;' })).not.toBe(
      plain,
    );
    await expect(digestWith({ "control.ts": 'import x from "no-such-package-anywhere";' })).rejects.toThrow(
      "no package no-such-package-anywhere",
    );
  });
});
