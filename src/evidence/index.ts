import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  canonicalJson,
  type Digest,
  digestOf,
  isDigest,
  type Json,
  NotPlainFile,
  Problem,
  readPlainFile,
  writeDurably,
} from "../base/index.ts";

/** Content-addressed statements on disk: each file is named by the SHA-256 of its bytes, and is the truth the index is made from. */
export interface Evidence {
  /** Written aside, fsynced and renamed before it returns. */
  put(statement: Json): Promise<Digest>;
  /** Null when it is not there; a Problem when its bytes are not what its name says. */
  get(digest: Digest): Promise<unknown>;
  list(): Promise<Digest[]>;
  /** A PNG picture that statements refer to: written as they are, named by the SHA-256 of its bytes. */
  attach(png: Uint8Array): Promise<Digest>;
  /** Null where no file of that name is there, or its bytes are not what its name says: a picture decides nothing. */
  attached(digest: Digest): Promise<Buffer | null>;
}

/** Larger than any statement; what claims to be more is not read. */
const mostBytes = 256 * 2 ** 20;

/** The largest picture that is kept. */
const mostPictureBytes = 2 ** 20;

export function openEvidence(folder: string): Evidence {
  const path = (digest: Digest, ending = "json") => join(folder, `${digest.slice("sha256:".length)}.${ending}`);
  return {
    async put(statement) {
      const bytes = Buffer.from(canonicalJson(statement));
      if (bytes.length > mostBytes) throw new Error(`a statement of more than ${mostBytes} bytes is no evidence`);
      const digest = digestOf(bytes);
      const known = await readOrNull(path(digest)).catch(() => null); // whatever stands there is replaced
      if (known === null || !bytes.equals(known)) await writeDurably(path(digest), bytes);
      return digest;
    },
    async get(digest) {
      const bytes = await readOrNull(path(digest));
      if (bytes === null) return null;
      if (digestOf(bytes) !== digest) throw altered(path(digest));
      try {
        return JSON.parse(bytes.toString("utf8"));
      } catch {
        throw altered(path(digest));
      }
    },
    async list() {
      const lying = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      const names = lying.filter((name) => name.endsWith(".json")).sort();
      return names.map((name) => `sha256:${name.slice(0, -".json".length)}`).filter(isDigest);
    },
    async attach(png) {
      if (png.length > mostPictureBytes) throw new Error(`a picture of more than ${mostPictureBytes} bytes is not kept`);
      const digest = digestOf(png);
      const known = await attachment(path(digest, "png"), digest);
      if (known === null) await writeDurably(path(digest, "png"), png);
      return digest;
    },
    attached: (digest) => attachment(path(digest, "png"), digest),
  };
}

async function attachment(path: string, digest: Digest): Promise<Buffer | null> {
  const bytes = await readPlainFile(path, mostPictureBytes).catch(() => null);
  return bytes !== null && digestOf(bytes) === digest ? bytes : null;
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readPlainFile(path, mostBytes);
  } catch (error) {
    throw error instanceof NotPlainFile ? altered(path) : error;
  }
}

const altered = (file: string) =>
  new Problem("EVIDENCE_ALTERED", "this evidence file is not the one that its name promises", {
    file,
    remedy:
      "Restore it from a backup; or leave it out with `sextant doctor --rebuild` and run `sextant assess`: what it held is measured again.",
  });
