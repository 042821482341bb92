import { execFile } from "node:child_process";
import { access, constants, readFile, stat, statfs } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { limitsFrom, projectHealth } from "../../assess/index.ts";
import { isolate, Problem, problemData, problemsOf } from "../../base/index.ts";
import { exposedCredentials, readDeclaration } from "../../declaration/index.ts";
import type { Context } from "../main.ts";
import type * as native from "./native.ts";
import type { Folder, NativePackage, ProjectState, Surroundings } from "./surroundings.ts";

const packages = ["@duckdb/node-api", "onnxruntime-node", "sharp"];
const seconds = 1000;

/** Looks around: this machine, and the project in `dir` where there is one. Writes nothing and asks no network. Throws FILES_REFUSED where `dir` is no folder. */
export async function gather(dir: string, { environment, terminal }: Context): Promise<Surroundings> {
  const folder = await folderOf(dir);
  const own = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith("SEXTANT_") && value !== undefined ? [[name, value] as const] : [],
  );
  const [system, python, prlimit, loaded, folders, project] = await Promise.all([
    systemHere(),
    said("python3", ["--version"]).then((text) => /^Python (\S+)/.exec(text ?? "")?.[1] ?? null),
    process.platform === "linux" ? said("prlimit", ["--version"]).then((text) => text !== null) : false,
    loadAll(),
    Promise.all([looked("the folder", folder), looked("the temporary folder", tmpdir())]),
    projectIn(folder, environment),
  ]);
  return {
    now: new Date().toISOString(),
    platform: `${process.platform}-${process.arch}`,
    node: { version: process.versions.node, permissionModel: process.allowedNodeEnvironmentFlags.has("--permission") },
    system,
    python,
    prlimit,
    packages: loaded,
    memory: { totalBytes: memoryOfAll(), freeBytes: process.availableMemory() },
    cores: availableParallelism(),
    folders,
    environment: Object.fromEntries(own),
    terminal: { isTerminal: process.stdout.isTTY === true, columns: terminal.columns, colour: terminal.colour },
    project,
  };
}

async function folderOf(dir: string): Promise<string> {
  const found = await stat(dir).catch(() => null);
  if (found?.isDirectory()) return resolve(dir);
  if (found?.isFile()) return dirname(resolve(dir));
  throw new Problem("FILES_REFUSED", "there is no such folder", {
    file: dir,
    remedy: "Name a folder that exists; without one the current folder is looked at.",
  });
}

/** Of the container, where one limits it. */
function memoryOfAll(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** What a program says of itself; null where there is none, or it does not answer. */
const said = (program: string, args: readonly string[]): Promise<string | null> =>
  promisify(execFile)(program, [...args], { timeout: 10 * seconds, maxBuffer: 2 ** 16 }).then(
    ({ stdout, stderr }) => stdout || stderr,
    () => null,
  );

async function systemHere(): Promise<Surroundings["system"]> {
  if (process.platform !== "linux") return null;
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const entry = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return text === "" ? null : { id: entry("ID"), version: entry("VERSION_ID"), name: entry("PRETTY_NAME") };
}

/** Each in a child of its own: one that dies takes no other along. */
const loadAll = () => Promise.all(packages.map(loadOne));

async function loadOne(name: string): Promise<NativePackage> {
  const module = new URL(import.meta.url.endsWith(".ts") ? "./native.ts" : "./native.js", import.meta.url);
  const { memoryBytes } = limitsFrom({}, "quick");
  await using child = isolate<typeof native>(module, { memoryBytes, timeoutMs: 60 * seconds });
  try {
    return { name, version: await child.call("load", { name }), problem: null };
  } catch (error) {
    return { name, version: null, problem: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
}

async function looked(what: string, path: string): Promise<Folder> {
  const canWrite = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  const freeBytes = await statfs(path).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  return { what, path, freeBytes, canWrite };
}

async function projectIn(folder: string, environment: Context["environment"]): Promise<ProjectState> {
  try {
    const read = await readDeclaration(folder);
    const warnings = exposedCredentials(read, (name) => environment[name]).map(problemData);
    return { kind: "project", name: read.declaration.system.name, health: await projectHealth(read.root), warnings };
  } catch (error) {
    const problems = problemsOf(error).map(problemData);
    if (problems.length === 0) throw error;
    return problems[0]?.code === "DECLARATION_MISSING" ? { kind: "none", folder } : { kind: "wrong", problems };
  }
}
