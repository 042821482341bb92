import { readdir, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { type Digest, digestOf, isDigest, readPlainFile, writeDurably } from "../base/index.ts";

/** Derived artefacts on disk, content-addressed. Losing it costs time and nothing else. */
export interface Cache {
  has(key: Digest): Promise<boolean>;
  /** Null when it is not there, or is damaged: then it is made again. */
  get(key: Digest): Promise<unknown>;
  put(key: Digest, value: unknown): Promise<void>;
  /** The files that `get` reads, for a process that may read no others. */
  filesOf(key: Digest): Promise<readonly string[]>;
  forget(key: Digest): Promise<void>;
  /** Deletes what was not used for longest until at most `bytes` are left. */
  trim(bytes: number): Promise<void>;
}

/** Another Node may have written it in a form that this one does not know. */
function readable(bytes: Buffer): unknown {
  try {
    return deserialize(bytes);
  } catch {
    return null;
  }
}

/** As much as one buffer takes at a time. */
const mostBytes = 2 ** 31 - 1;

const hex = (digest: Digest) => digest.slice("sha256:".length);

export function openCache(folder: string): Cache {
  const keyPath = (key: Digest) => join(folder, "keys", hex(key));
  const objectPath = (digest: Digest) => join(folder, "objects", hex(digest));
  const bytesOf = async (key: Digest): Promise<Buffer | null> => {
    const digest = (await readPlainFile(keyPath(key), 100).catch(() => null))?.toString("utf8");
    if (!isDigest(digest)) return null;
    const bytes = await readPlainFile(objectPath(digest), mostBytes).catch(() => null);
    return bytes !== null && digestOf(bytes) === digest ? bytes : null;
  };
  return {
    has: async (key) => (await bytesOf(key)) !== null,
    async get(key) {
      const bytes = await bytesOf(key);
      return bytes === null ? null : readable(bytes);
    },
    async put(key, value) {
      const bytes = serialize(value);
      const digest = digestOf(bytes);
      await writeDurably(objectPath(digest), bytes);
      await writeDurably(keyPath(key), digest);
    },
    async filesOf(key) {
      const digest = (await readPlainFile(keyPath(key), 100).catch(() => null))?.toString("utf8");
      return isDigest(digest) ? [keyPath(key), objectPath(digest)] : [];
    },
    forget: (key) => rm(keyPath(key), { force: true }),
    async trim(most) {
      const names = await readdir(join(folder, "objects")).catch(() => []);
      const files = await Promise.all(
        names.map(async (name) => ({ path: join(folder, "objects", name), ...(await sizeAndTime(join(folder, "objects", name))) })),
      );
      let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      for (const { path, bytes } of files.sort((a, b) => a.time - b.time)) {
        if (total <= most) return;
        await unlink(path).catch(() => undefined);
        total -= bytes;
      }
    },
  };
}

async function sizeAndTime(path: string): Promise<{ bytes: number; time: number }> {
  const found = await stat(path).catch(() => null);
  return { bytes: found?.size ?? 0, time: Math.max(found?.atimeMs ?? 0, found?.mtimeMs ?? 0) };
}
