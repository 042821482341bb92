import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { digestOfFile, type Problem, placeText, problemsOf } from "../../base/index.ts";
import { digestOfFolder, type Engine, openEngine } from "../../data/index.ts";
import { describeModel } from "../../models/index.ts";
import type { Inspect } from "../inspect.ts";

/** A folder with these files, gone when the test ends. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sextant-declaration-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Looks at files with the real engine, opened before the tests of a file and closed after them. */
export function inspecting(): Inspect {
  const spillFolder = mkdtempSync(join(tmpdir(), "sextant-spill-"));
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ memoryBytes: 512 * 2 ** 20, spillFolder });
  });
  afterAll(async () => {
    await engine.close();
    rmSync(spillFolder, { recursive: true, force: true });
  });
  const digest: Inspect["digest"] = (path) => (statSync(path).isDirectory() ? digestOfFolder(path) : digestOfFile(path));
  return { digest, table: (source) => engine.describe(source), model: describeModel };
}

/** The problems that something ends with; fails when it ends otherwise. */
export async function problemsFrom(run: () => unknown): Promise<readonly Problem[]> {
  try {
    await run();
  } catch (error) {
    const problems = problemsOf(error);
    if (problems.length === 0) throw error;
    return problems;
  }
  throw new Error("no problem was found");
}

/** `3:5 CODE` for each, without the file's folder. */
export const brief = (problems: readonly Problem[]): string[] =>
  problems.map(({ code, place }) => `${placeText({ ...place, file: "" }).replace(/^:/, "")} ${code}`.trim());
