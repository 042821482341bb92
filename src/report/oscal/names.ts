import { createHash } from "node:crypto";
import { oneLine } from "../terminal.ts";

/** Ours, drawn once: every identifier is made in it. */
const namespace = "6f2f4c1e-9d0b-4e57-8c43-2b6a1d7e5f90";

/** A UUID of version 5 (RFC 9562, 5.5): the same name gives the same one, everywhere. */
export function uuidOf(name: string, within: string = namespace): string {
  const bytes = createHash("sha1")
    .update(Buffer.from(within.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What marks our properties as ours: no address is promised behind it. */
export const ownNamespace = `urn:uuid:${namespace}`;

/** An OSCAL string: one line with something on it. */
export const line = (text: string): string => oneLine(text).toWellFormed() || "(empty)";

/** An OSCAL token: `algorithm-bias/size` as `algorithm-bias.size`. */
export function token(text: string): string {
  const safe = line(text)
    .replaceAll("/", ".")
    .replace(/[^\p{L}\p{N}._-]/gu, "_");
  return /^[\p{L}_]/u.test(safe) ? safe : `_${safe}`;
}

/** A property of ours. */
export const prop = (name: string, value: string) => ({ name, ns: ownNamespace, value: line(value) });

/** A time as OSCAL takes it, of the years 1900 to 2999; an assessment from elsewhere may hold any text. */
export function moment(iso: string): string {
  const time = Date.parse(iso);
  const text = Number.isNaN(time) ? "" : new Date(time).toISOString();
  return /^(19|2\d)\d\d-/.test(text) ? text : new Date(0).toISOString();
}
