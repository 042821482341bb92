import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Digest,
  digestOfFile,
  digestOfJson,
  type Isolated,
  isDigest,
  isolate,
  type Json,
  type Limits,
  Problem,
  type Variables,
  writeDurably,
} from "../base/index.ts";
import { digestOfFolder, stampsIn, tableDigest } from "../data/index.ts";
import type { Inspect } from "../declaration/index.ts";
import { type Evidence, openEvidence } from "../evidence/index.ts";
import { type Cache, openCache } from "./cache.ts";
import { codeDigest } from "./code.ts";
import { checkState } from "./state.ts";
import type * as worker from "./worker.ts";

/** Where a project keeps its state, beside its declaration. */
export interface Project {
  readonly root: string;
  readonly folder: string;
  readonly cacheFolder: string;
  readonly indexPath: string;
  readonly evidence: Evidence;
  readonly cache: Cache;
}

/** Throws STATE_INVALID where something else stands in the place of its state. */
export function openProject(root: string): Project {
  const folder = join(root, ".sextant");
  checkState(folder);
  const cacheFolder = join(folder, "cache");
  return {
    root,
    folder,
    cacheFolder,
    indexPath: join(folder, "index.db"),
    evidence: openEvidence(join(folder, "evidence")),
    cache: openCache(cacheFolder),
  };
}

export type Worker = Isolated<typeof worker>;

const workerModule = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

/** `variables` are added to its environment. */
export const openWorker = (limits: Limits, variables: Variables = {}): Worker =>
  isolate<typeof worker>(workerModule, limits, undefined, variables);

/** Makes a project's folders, with a spill folder that no other run uses; what a run that was killed left behind is removed. */
export async function prepareWorkplace(project: Project, { memoryBytes }: Limits): Promise<worker.Workplace & AsyncDisposable> {
  const spills = join(project.folder, "spill");
  const spillFolder = join(spills, `${process.pid}-${randomBytes(6).toString("hex")}`);
  await mkdir(spills, { recursive: true });
  await mkdir(spillFolder);
  const left = (await spillsOf(spills)).filter(({ alive }) => !alive);
  await Promise.all(left.map(({ name }) => rm(join(spills, name), { recursive: true, force: true })));
  await keepOutOfGit(project);
  return {
    cacheFolder: project.cacheFolder,
    spillFolder,
    memoryBytes,
    [Symbol.asyncDispose]: () => rm(spillFolder, { recursive: true, force: true }),
  };
}

/** The folders of runs, each with the process that made it. */
export async function spillsOf(folder: string): Promise<{ name: string; pid: number; alive: boolean }[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+-[0-9a-f]+$/.test(name));
  return names.map((name) => ({ name, pid: Number.parseInt(name, 10), alive: isAlive(Number.parseInt(name, 10)) }));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whether anything was ever measured or indexed here. */
export const hasState = ({ folder }: Project): Promise<boolean> => isThere(folder);

/** Whether there is state that can be written: all of it, since a run may have been another user's. */
export async function canKeepState(project: Project): Promise<boolean> {
  if (!(await hasState(project))) return false;
  const places = [project.folder, project.cacheFolder, join(project.folder, "spill"), join(project.folder, "queries"), project.indexPath];
  const answers = await Promise.all(
    places.map((path) =>
      access(path, constants.W_OK).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code === "ENOENT",
      ),
    ),
  );
  return answers.every(Boolean);
}

/** Evidence may be committed; what can be made again should not. */
export async function keepOutOfGit({ folder }: Project): Promise<void> {
  const path = join(folder, ".gitignore");
  if (!(await isThere(path))) await writeDurably(path, "cache/\nspill/\nqueries/\nindex.db*\n");
}

/** Looks at artefacts, and knows whether they are still what they were when it looked. */
export interface Inspection extends Inspect {
  /** Throws ARTEFACT_CHANGED where a file was changed since its digest was taken. */
  unchanged(): Promise<void>;
}

/** Reads artefacts in the isolated child, and remembers what it found by their digest. */
export function inspectIn(project: Project, child: Worker, place: worker.Workplace, signal?: AbortSignal): Inspection {
  const code = codeDigest(workerModule.href);
  const stamps = new Map<string, string>();
  const unchanged = async () => {
    for (const [path, stamp] of stamps) if ((await stampOf(path).catch(() => "gone")) !== stamp) throw changed(path);
  };
  const remembered = async <T>(about: Json, find: () => Promise<T>): Promise<T> => {
    const key = digestOfJson({ facts: about, code });
    const known = await project.cache.get(key);
    if (known !== null) return known as T;
    const found = await find();
    await unchanged();
    await project.cache.put(key, found);
    return found;
  };
  /** Large files are hashed once: size, times and inode stand for the content until one of them changes. */
  const digest = async (path: string): Promise<Digest> => {
    const stamp = await stampOf(path);
    const first = stamps.get(path);
    if (first === undefined) stamps.set(path, stamp);
    else if (first !== stamp) throw changed(path);
    const key = digestOfJson({ file: path, stamp });
    const known = await project.cache.get(key);
    if (isDigest(known)) return known;
    const found = await digestOfPath(path, signal);
    await project.cache.put(key, found);
    return found;
  };
  return {
    digest,
    unchanged,
    async table(source) {
      const { path: _, ...reading } = source;
      return remembered({ table: await tableDigest(source, digest), reading: { ...reading } }, () =>
        child.call("describeTable", { source, place }, { signal }),
      );
    },
    async model(path, root) {
      const look = () => child.call("describeModelFile", { path, root }, { signal });
      const facts = await remembered({ model: await digest(path) }, look);
      // What lies outside the file may have changed without it.
      return facts.externalFiles.length === 0 ? facts : look();
    },
  };
}

async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true });
  if (found.isDirectory()) return digestOfJson({ ...(await stampsIn(path)) });
  const { size, mtimeNs, ctimeNs, ino, dev } = found;
  return [size, mtimeNs, ctimeNs, ino, dev].join(" ");
}

const digestOfPath = async (path: string, signal?: AbortSignal): Promise<Digest> =>
  (await stat(path)).isDirectory() ? digestOfFolder(path, signal) : digestOfFile(path, signal);

const changed = (file: string) =>
  new Problem("ARTEFACT_CHANGED", "this file was changed while it was being assessed", {
    file,
    remedy: "Let it rest and run `sextant assess` again: what was measured before the change is kept.",
  });
