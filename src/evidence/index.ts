import { mkdir, readdir, readFile } from "node:fs/promises";
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

export function openEvidence(folder: string): Evidence {
  const path = (digest: Digest) => join(folder, `${digest.slice("sha256:".length)}.json`);
  return {
    async put(statement) {
      const text = canonicalJson(statement);
      const digest = digestOf(text);
      if ((await readOrNull(path(digest))) !== text) await writeDurably(path(digest), text);
      return digest;
    },
    async get(digest) {
      const text = await readOrNull(path(digest));
      if (text === null) return null;
      if (digestOf(text) !== digest) throw altered(path(digest));
      return JSON.parse(text);
    },
    async list() {
      await mkdir(folder, { recursive: true });
      const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
      return names.map((name) => `sha256:${name.slice(0, -".json".length)}`).filter(isDigest);
    },
  };
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

const altered = (file: string) =>
  new Problem("EVIDENCE_ALTERED", "the content of this evidence file is not what its name says", {
    file,
    remedy: "Restore it from a backup, or delete it and assess again: what it held then counts as not measured.",
  });
