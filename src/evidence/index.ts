import { constants } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, type Digest, digestOf, isDigest, type Json, Problem, writeDurably } from "../base/index.ts";

/** Content-addressed statements on disk: each file is named by the SHA-256 of its bytes, and is the truth the index is made from. */
export interface Evidence {
  /** Written aside, fsynced and renamed before it returns. */
  put(statement: Json): Promise<Digest>;
  /** Null when it is not there; a Problem when its bytes are not what its name says. */
  get(digest: Digest): Promise<unknown>;
  list(): Promise<Digest[]>;
}

/** Larger than any statement; what claims to be more is not read. */
const mostBytes = 256 * 2 ** 20;

export function openEvidence(folder: string): Evidence {
  const path = (digest: Digest) => join(folder, `${digest.slice("sha256:".length)}.json`);
  return {
    async put(statement) {
      const text = canonicalJson(statement);
      if (Buffer.byteLength(text) > mostBytes) throw new Error(`a statement of more than ${mostBytes} bytes is no evidence`);
      const digest = digestOf(text);
      const known = await readOrNull(path(digest)).catch(() => null); // whatever stands there is replaced
      if (known !== text) await writeDurably(path(digest), text);
      return digest;
    },
    async get(digest) {
      const text = await readOrNull(path(digest));
      if (text === null) return null;
      if (digestOf(text) !== digest) throw altered(path(digest));
      try {
        return JSON.parse(text);
      } catch {
        throw altered(path(digest));
      }
    },
    async list() {
      await mkdir(folder, { recursive: true });
      const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
      return names.map((name) => `sha256:${name.slice(0, -".json".length)}`).filter(isDigest);
    },
  };
}

/** A plain file of bounded size alone: a link, a pipe or a device would lead elsewhere or never end. */
async function readOrNull(path: string): Promise<string | null> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error.code === "ELOOP" ? altered(path) : error;
  });
  if (file === null) return null;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > mostBytes) throw altered(path);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

const altered = (file: string) =>
  new Problem("EVIDENCE_ALTERED", "this evidence file is not the one that its name promises", {
    file,
    remedy: "Restore it from a backup, or delete it and assess again: what it held then counts as not measured.",
  });
