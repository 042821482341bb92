import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Digest, digestOfFile, digestOfJson, type Isolated, isolate, type Json } from "../base/index.ts";
import type { Inspect } from "../declaration/index.ts";
import { type Evidence, openEvidence } from "../evidence/index.ts";
import { type Cache, openCache } from "./cache.ts";
import { codeDigest } from "./code.ts";
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

export function openProject(root: string): Project {
  const folder = join(root, ".sextant");
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

/** What the child may use: in mebibytes and seconds, from the environment where a person raised it. */
export interface Limits {
  readonly memoryBytes: number;
  readonly timeoutMs: number;
}

export const openWorker = (limits: Limits): Worker => isolate<typeof worker>(workerModule, limits);

export const placeOf = (project: Project, { memoryBytes }: Limits): worker.Place => ({
  cacheFolder: project.cacheFolder,
  spillFolder: join(project.folder, "spill"),
  memoryBytes,
});

/** Reads artefacts in the isolated child, and remembers what it found by their digest. */
export function inspectIn(project: Project, child: Worker, place: worker.Place): Inspect {
  const code = codeDigest(workerModule.href);
  const remembered = async <T>(about: Json, find: () => Promise<T>): Promise<T> => {
    const key = digestOfJson({ facts: about, code });
    const known = await project.cache.get(key);
    if (known !== null) return known as T;
    const found = await find();
    await project.cache.put(key, found);
    return found;
  };
  const digest = (path: string) => digestOfFileOnce(project, path);
  return {
    digest,
    async table(source) {
      const { path, ...reading } = source;
      return remembered({ table: await digest(path), reading: { ...reading } }, () => child.call("describeTable", { source, place }));
    },
    async model(path, root) {
      return remembered({ model: await digest(path) }, () => child.call("describeModelFile", { path, root }));
    },
  };
}

/** Large files are hashed once: size, time and inode stand for the content until one of them changes. */
async function digestOfFileOnce(project: Project, path: string): Promise<Digest> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(path, { bigint: true });
  const key = digestOfJson({ file: path, stamp: [size, mtimeNs, ctimeNs, ino, dev].map(String) });
  const known = (await project.cache.get(key)) as Digest | null;
  if (known !== null) return known;
  const digest = await digestOfFile(path);
  await project.cache.put(key, digest);
  return digest;
}
