/** The bytes are no protobuf message of the expected kind: cut short, or something else altogether. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** Wire types of protobuf that ONNX uses; groups (3, 4) are no part of it. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** One field of a message: its number, its wire type and where its content lies. */
export type FieldVisitor = (number: number, wireType: number, start: number, end: number) => void;

/** Visits the fields of the message in bytes[start, end), in order, without copying anything. Throws Malformed. */
export function eachField(bytes: Uint8Array, start: number, end: number, visit: FieldVisitor): void {
  let at = start;
  while (at < end) {
    const tagEnd = varintEnd(bytes, at, end);
    const tag = smallVarint(bytes, at, tagEnd);
    const [contentStart, contentEnd] = content(bytes, tag & 7, tagEnd, end);
    if (tag >>> 3 === 0) throw new Malformed("a field has the number 0");
    visit(tag >>> 3, tag & 7, contentStart, contentEnd);
    at = contentEnd;
  }
}

function content(bytes: Uint8Array, wireType: number, at: number, end: number): readonly [number, number] {
  if (wireType === wire.varint) return [at, varintEnd(bytes, at, end)];
  if (wireType === wire.fixed64) return within(at, at + 8, end);
  if (wireType === wire.fixed32) return within(at, at + 4, end);
  if (wireType !== wire.bytes) throw new Malformed(`wire type ${wireType} is no part of ONNX`);
  const lengthEnd = varintEnd(bytes, at, end);
  return within(lengthEnd, lengthEnd + smallVarint(bytes, at, lengthEnd), end);
}

function within(start: number, stop: number, end: number): readonly [number, number] {
  if (stop > end) throw new Malformed("a field is longer than what holds it");
  return [start, stop];
}

function varintEnd(bytes: Uint8Array, start: number, end: number): number {
  const most = Math.min(end, start + 10);
  for (let at = start; at < most; at++) if (bytes[at]! < 0x80) return at + 1;
  throw new Malformed("a number has no end");
}

/** A varint that must fit 32 bits: tags and lengths. */
function smallVarint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = end - 1; at >= start; at--) value = value * 128 + (bytes[at]! & 0x7f);
  if (value > 0xffff_ffff) throw new Malformed("a tag or a length is too large");
  return value;
}

/** A varint as a signed 64-bit number. */
export function int64At(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt(bytes[at]! & 0x7f);
  return BigInt.asIntN(64, value);
}

/** A varint as a number; throws Malformed beyond 2^53. */
export function integerAt(bytes: Uint8Array, start: number, end: number): number {
  const value = Number(int64At(bytes, start, end));
  if (!Number.isSafeInteger(value)) throw new Malformed("a number is too large");
  return value;
}

/** How many values a repeated number field holds in this occurrence: one, or many when packed. */
export function repeatedCount(bytes: Uint8Array, wireType: number, start: number, end: number, width: 4 | 8 | "varint"): number {
  if (wireType !== wire.bytes) return 1;
  if (width !== "varint") return (end - start) / width;
  let count = 0;
  for (let at = start; at < end; at++) if (bytes[at]! < 0x80) count++;
  return count;
}

/** The bytes of a length-delimited field, for rewriting. */
export const encodeField = (number: number, content: Uint8Array): Uint8Array[] => encodeParts(number, [content]);

/** The bytes of a length-delimited field whose content comes in pieces: nothing is copied. */
export const encodeParts = (number: number, parts: readonly Uint8Array[]): Uint8Array[] => [
  encodeVarint(number * 8 + wire.bytes),
  encodeVarint(sizeOf(parts)),
  ...parts,
];

/** Bytes of all parts together. */
export const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** A field of a whole number. */
export const encodeNumber = (number: number, value: number): Uint8Array[] => [encodeVarint(number * 8 + wire.varint), encodeVarint(value)];

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** All parts one after the other: the one copy that is made of them. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
