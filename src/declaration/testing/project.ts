import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Problem, placeText, problemsOf } from "../../base/index.ts";

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
