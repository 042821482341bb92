/** What a file is by its first bytes; names say nothing. */
export type Kind = "jpeg" | "png" | "webp";

interface Other {
  readonly name: string;
  readonly bytes: readonly (number | null)[];
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const any = (count: number): null[] => Array.from({ length: count }, () => null);

const read: readonly (Other & { readonly name: Kind })[] = [
  { name: "jpeg", bytes: [0xff, 0xd8, 0xff] },
  { name: "png", bytes: [0x89, ...ascii("PNG\r\n\x1a\n")] },
  { name: "webp", bytes: [...ascii("RIFF"), ...any(4), ...ascii("WEBP")] },
];

/** Known, and not read: each would need a reader that is one more way in. */
const others: readonly Other[] = [
  { name: "a GIF", bytes: ascii("GIF8") },
  { name: "a BMP", bytes: [...ascii("BM"), ...any(4), 0, 0, 0, 0] },
  { name: "a TIFF", bytes: [...ascii("II"), 42, 0] },
  { name: "a TIFF", bytes: [...ascii("MM"), 0, 42] },
  { name: "a TIFF", bytes: [...ascii("II"), 43, 0] },
  { name: "a HEIF or AVIF", bytes: [...any(4), ...ascii("ftyp")] },
  { name: "a JPEG XL", bytes: [0xff, 0x0a] },
  { name: "a JPEG XL", bytes: [0, 0, 0, 12, ...ascii("JXL ")] },
  { name: "a JPEG 2000", bytes: [0, 0, 0, 12, ...ascii("jP  ")] },
  { name: "a Photoshop file", bytes: ascii("8BPS") },
  { name: "a PDF", bytes: ascii("%PDF") },
  { name: "an icon", bytes: [0, 0, 1, 0] },
];

const begins = (bytes: Uint8Array, { bytes: wanted }: Other) => wanted.every((byte, at) => byte === null || bytes[at] === byte);

export const kindOf = (bytes: Uint8Array): Kind | null => read.find((kind) => begins(bytes, kind))?.name ?? null;

/** What a file that is not read seems to be: words that follow "it is". */
export function otherKind(bytes: Uint8Array): string | null {
  const found = others.find((kind) => begins(bytes, kind));
  if (found !== undefined) return found.name;
  const text = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  if (/<svg[\s>]/i.test(text)) return "an SVG";
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return "a web page or other markup";
  if (/^P[1-7][\s#]/.test(text)) return "a PNM";
  return null;
}

/** A PNG with more frames than its first (APNG) says so before its pixels. */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    if (name === "acTL") return true;
    if (name === "IDAT") return false;
    at += 12 + view.getUint32(at);
  }
  return false;
}
