import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** A value that JSON can hold. `undefined` properties are dropped, as JSON.stringify does. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** JSON with sorted keys and no spaces (RFC 8785 for the values we use); throws on numbers that JSON cannot hold. */
export function canonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RangeError(`JSON cannot hold ${value}`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(",")}]`;
  // Not by rebuilding the object: JavaScript puts integer-like keys first, whatever their order.
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = entries.flatMap(([key, each]) => (each === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(each)}`]));
  return `{${written.join(",")}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export const digestOfJson = (value: Json): Digest => digestOf(canonicalJson(value));

/** Streams the file, so that its size does not matter. */
export async function digestOfFile(path: string, signal?: AbortSignal): Promise<Digest> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return `sha256:${hash.digest("hex")}`;
}

/** True for a well-formed digest; anything else must never become part of a path. */
export const isDigest = (text: unknown): text is Digest => typeof text === "string" && /^sha256:[0-9a-f]{64}$/.test(text);
