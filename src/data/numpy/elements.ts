import { type ElementType, perSecond } from "./header.ts";

/** Elements as they are stored, in this machine's order of bytes: booleans as 0 and 1, floats of 16 bits widened to 32, texts and dates as texts (null for no date). */
export type Elements =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly (string | null)[];

const integers = { 1: Int8Array, 2: Int16Array, 4: Int32Array, 8: BigInt64Array } as const;
const unsigned = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;

/** Takes elements out of `bytes`, which hold a whole number of them and are not used afterwards. */
export function elementsOf(bytes: Buffer<ArrayBuffer>, type: ElementType): Elements {
  if (type.kind === "text" || type.kind === "bytes") return textsIn(bytes, type);
  if (type.bigEndian) swap(bytes, type.bytes);
  const isAlone = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  const own = isAlone ? bytes.buffer : new Uint8Array(bytes).buffer; // aligned
  switch (type.kind) {
    case "boolean":
      return new Uint8Array(own);
    case "integer":
      return new integers[type.bytes as keyof typeof integers](own);
    case "unsigned":
      return new unsigned[type.bytes as keyof typeof unsigned](own);
    case "float":
      return type.bytes === 8 ? new Float64Array(own) : type.bytes === 4 ? new Float32Array(own) : halves(new Uint16Array(own));
    case "date":
      return Array.from(new BigInt64Array(own), (count) => dateOf(count, type));
  }
}

function swap(bytes: Buffer, size: number): void {
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
}

/** Floats of 16 bits (IEEE 754 binary16). */
export const halves = (bits: Uint16Array): Float32Array => Float32Array.from(bits, half);

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function textsIn(bytes: Buffer, type: ElementType): string[] {
  if (type.bytes === 0) return [];
  const count = bytes.length / type.bytes;
  return Array.from({ length: count }, (_, at) => {
    const element = bytes.subarray(at * type.bytes, (at + 1) * type.bytes);
    const text = type.kind === "bytes" ? element.toString("latin1") : wideText(element, type.bigEndian);
    return text.replace(/\0+$/, "");
  });
}

const lastCodePoint = 0x10ffff;

function wideText(element: Buffer, bigEndian: boolean): string {
  let text = "";
  for (let at = 0; at + 4 <= element.length; at += 4) {
    const point = bigEndian ? element.readUInt32BE(at) : element.readUInt32LE(at);
    const isCharacter = point <= lastCodePoint && !(point >= 0xd800 && point <= 0xdfff);
    text += isCharacter ? String.fromCodePoint(point) : "\u{fffd}";
  }
  return text;
}

const noDate = -(2n ** 63n);
/** The days that a JavaScript date reaches from 1970, in milliseconds. */
const furthest = 8.64e15;

/** As ISO 8601, the day alone where its unit is days; null for NaT and for years beyond what a calendar of four digits shows. */
function dateOf(count: bigint, { unit }: ElementType): string | null {
  if (count === noDate || unit === undefined) return null;
  const milliseconds = (Number(count) * unit.count * 1000) / perSecond[unit.name];
  if (Math.abs(milliseconds) > furthest) return null;
  const text = new Date(milliseconds).toISOString();
  if (text.length !== 24) return null;
  return unit.name === "D" ? text.slice(0, 10) : text.slice(0, 23).replace(/\.000$/, "");
}
