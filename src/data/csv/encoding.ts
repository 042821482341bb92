import { isAscii, isUtf8 } from "node:buffer";
import { Problem } from "../../base/index.ts";

/** Thrown where a file turns out not to be in UTF-8; what follows may be worth another try. */
export class NotUtf8 extends Error {
  readonly line: number;
  /** Characters of several bytes in UTF-8 stand before: the file is in no single other encoding. */
  readonly isMixed: boolean;
  constructor(line: number, isMixed: boolean) {
    super(`line ${line} is not in UTF-8`);
    this.line = line;
    this.isMixed = isMixed;
  }
}

/** Checks a stream of bytes, piece by piece, to be UTF-8. Throws NotUtf8. */
export function utf8Checker() {
  let rest: Uint8Array = new Uint8Array(0);
  let line = 1;
  let isPlain = true;
  const check = (bytes: Uint8Array) => {
    if (!isUtf8(bytes)) throw notUtf8(bytes, line, isPlain);
    isPlain &&= isAscii(bytes);
    line += lineFeeds(bytes);
  };
  return {
    push(chunk: Uint8Array) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.length - unfinished(bytes);
      check(bytes.subarray(0, end));
      rest = Uint8Array.from(bytes.subarray(end)); // a copy: the piece's memory is used again
    },
    end: () => check(rest),
  };
}

/** How many bytes at the end begin a character that goes on in the next piece. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function notUtf8(bytes: Uint8Array, firstLine: number, isPlainBefore: boolean): NotUtf8 {
  let line = firstLine;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    start = end + 1;
    line++;
  }
  return new NotUtf8(line, !(isPlainBefore && isAscii(bytes.subarray(0, start))));
}

/** What cannot be read as the encoding that is declared, marked, or most likely. */
export const encodingProblem = (file: string, line: number, what: string) =>
  new Problem("TABLE_ENCODING", what, {
    file,
    line,
    remedy: "Declare the encoding it was written in (`read: { encoding: windows-1251 }`), or write it again in UTF-8.",
  });

/** Seen by a byte order mark, or by every second byte of the beginning being zero; undefined for a file that may be in UTF-8. */
export function wideEncoding(start: Uint8Array): "utf-16le" | "utf-16be" | "utf-32" | undefined {
  const [a, b, c, d] = start;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "utf-32" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32";
  const head = start.subarray(0, 256);
  const zeros = (parity: number) => head.filter((byte, at) => at % 2 === parity && byte === 0).length / (head.length / 2);
  if (head.length < 8) return undefined;
  if (zeros(1) > 0.6 && zeros(0) < 0.1) return "utf-16le";
  if (zeros(0) > 0.6 && zeros(1) < 0.1) return "utf-16be";
  return undefined;
}
