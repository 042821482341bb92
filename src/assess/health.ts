import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { glance } from "../store/index.ts";
import { canKeepState, hasState, openProject, spillsOf } from "./project.ts";

/** How a project's state stands; found without making, mending or locking anything. */
export interface Health {
  /** Null where nothing was ever measured. */
  readonly state: {
    readonly canWrite: boolean;
    /** Whether people other than its owner may write there; false where the system has no such thing. */
    readonly othersWrite: boolean;
    readonly evidenceFiles: number;
    /** Evidence that the index does not know, and rows whose file is gone; null where the index is missing or cannot be used. */
    readonly index: { readonly unknown: number; readonly gone: number } | null;
    readonly cacheFiles: number;
    readonly cacheBytes: number;
    /** Process ids of runs that are going on, and how many folders dead runs left behind. */
    readonly running: readonly number[];
    readonly left: number;
  } | null;
}

/** Throws STATE_INVALID where something else stands in the place of a project's state. */
export async function projectHealth(root: string): Promise<Health> {
  const project = openProject(root);
  if (!(await hasState(project))) return { state: null };
  const files = await project.evidence.list();
  const known = glance(project.indexPath);
  const there = new Set<string>(files);
  const index =
    known === null
      ? null
      : { unknown: files.filter((file) => !known.has(file)).length, gone: [...known].filter((row) => !there.has(row)).length };
  return {
    state: {
      canWrite: await canKeepState(project),
      othersWrite: process.platform !== "win32" && ((await stat(project.folder)).mode & 0o022) !== 0,
      evidenceFiles: files.length,
      index,
      ...(await sizeOf(project.cacheFolder)),
      ...(await runsOf(join(project.folder, "spill"))),
    },
  };
}

const orNothing = () => [];

async function sizeOf(folder: string): Promise<{ cacheFiles: number; cacheBytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(orNothing);
  const files = entries.filter((entry) => entry.isFile());
  let cacheBytes = 0;
  for (const file of files)
    cacheBytes += await stat(join(file.parentPath, file.name)).then(
      ({ size }) => size,
      () => 0,
    );
  return { cacheFiles: files.length, cacheBytes };
}

async function runsOf(folder: string): Promise<{ running: number[]; left: number }> {
  const spills = await spillsOf(folder).catch(orNothing);
  const running = spills.filter(({ alive }) => alive).map(({ pid }) => pid);
  return { running, left: spills.length - running.length };
}
