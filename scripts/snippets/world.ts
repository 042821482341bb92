import { execFile } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { type Files, tinyModel, tinyProject } from "../../src/cli/testing/project.ts";
import { repository } from "./blocks.ts";

/** Where the blocks of one page are run, one after the other: each finds what those before it left. */
export interface World {
  readonly folder: string;
  /** In a shell, as a person would; never throws. */
  shell(command: string): Promise<{ readonly code: number; readonly out: string }>;
}

/** As after an installation: `sextant` on the PATH and for npx, and `sextant-ai` for imports, which is the sources of this clone. */
export async function worldOf(page: string, makeFolder: (files: Files) => Promise<string>): Promise<World> {
  const folder = await makeFolder(filesFor(page));
  if (isAboutClone(page)) likeClone(folder);
  const bin = join(folder, "node_modules/.bin");
  write(join(bin, "sextant"), `#!/bin/sh\nexec "${process.execPath}" "${join(repository, "bin/sextant.js")}" "$@"\n`);
  chmodSync(join(bin, "sextant"), 0o755);
  libraryIn(folder);
  const path = [bin, dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  const env = { PATH: path, HOME: folder, NO_COLOR: "1" };
  return {
    folder,
    shell: (command) =>
      new Promise((resolve) => {
        execFile("bash", ["-c", command], { cwd: folder, env, timeout: 120_000 }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out: stdout + stderr }),
        );
      }),
  };
}

const isAboutClone = (page: string) => page === "CONTRIBUTING.md" || page.startsWith("examples/");

/** The README begins with data and a model, and with no declaration; pages under docs with a small project. */
function filesFor(page: string): Files {
  if (isAboutClone(page)) return { "my-predictions.csv": readFileSync(join(repository, "examples/predictions/predictions.csv")) };
  const { "sextant.yaml": declaration = "", ...files } = tinyProject({ rows: 300 });
  return page === "README.md" ? files : { ...files, "sextant.yaml": declaration, "simpler.onnx": tinyModel([1, 0]) };
}

/** What pages about the clone name of it; an example without what was made when somebody assessed it. */
function likeClone(folder: string): void {
  symlinkSync(join(repository, "bin"), join(folder, "bin"));
  for (const name of ["credit", "predictions"]) {
    const from = join(repository, "examples", name);
    cpSync(from, join(folder, "examples", name), { recursive: true, filter: (path) => !path.startsWith(join(from, ".sextant")) });
  }
}

/** A package whose real place lies outside node_modules: there Node takes the types out, and the compiler reads the sources. */
function libraryIn(folder: string): void {
  const exports = { ".": "./index.ts", "./autodiff": "./autodiff.ts", "./attacks": "./attacks.ts" };
  write(join(folder, "library/package.json"), JSON.stringify({ name: "sextant-ai", type: "module", exports }));
  for (const entry of ["index", "autodiff", "attacks"])
    write(join(folder, `library/${entry}.ts`), `export * from ${JSON.stringify(join(repository, `src/library/${entry}.ts`))};\n`);
  write(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(join(folder, "library"), join(folder, "node_modules/sextant-ai"));
}

/** Puts a file there; of a declaration that is there already, the keys that the block has take the place of its own. */
export function place({ folder }: World, file: string, text: string): void {
  const path = join(folder, file);
  const isPart = file === "sextant.yaml" && existsSync(path);
  write(path, isPart ? stringify({ ...parse(readFileSync(path, "utf8")), ...parse(text) }) : text);
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
