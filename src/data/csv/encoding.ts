import { isUtf8 } from "node:buffer";
import { Problem } from "../../base/index.ts";

/** Checks a stream of bytes, piece by piece, to be UTF-8; the Problem says what it seems to be. */
export function utf8Checker(file: string) {
  let rest: Uint8Array = new Uint8Array(0);
  let line = 1;
  return {
    push(chunk: Uint8Array) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.length - unfinished(bytes);
      const sound = bytes.subarray(0, end);
      if (!isUtf8(sound)) throw notUtf8(sound, file, line);
      line += lineFeeds(sound);
      rest = bytes.slice(end);
    },
    end() {
      if (rest.length > 0) throw notUtf8(rest, file, line);
    },
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

function notUtf8(bytes: Uint8Array, file: string, firstLine: number): Problem {
  let line = firstLine;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    start = end + 1;
    line++;
  }
  const stop = bytes.indexOf(10, start);
  return encodingProblem(file, line, guessed(bytes.subarray(start, stop < 0 ? bytes.length : stop)));
}

/** Bytes 0x80 to 0x9f are control characters in Latin-1, but letters and quotation marks in Windows-1252. */
const guessed = (bytes: Uint8Array) => (bytes.some((byte) => byte >= 0x80 && byte < 0xa0) ? "Windows-1252" : "Latin-1 (ISO 8859-1)");

const encodingProblem = (file: string, line: number, seems: string) =>
  new Problem("TABLE_ENCODING", `the file is not in UTF-8; it seems to be in ${seems}`, {
    file,
    line,
    remedy: `Write it again in UTF-8, for instance: iconv -f ${iconvName(seems)} -t UTF-8 OLD.csv > NEW.csv`,
  });

const iconvName = (seems: string) => seems.split(" ")[0]?.toUpperCase() ?? seems;

/** UTF-16 and UTF-32 are seen by their byte order mark, or by every second byte of the beginning being zero. */
export function checkWideEncoding(start: Uint8Array, file: string): void {
  const seems = wideEncoding(start);
  if (seems !== undefined) throw encodingProblem(file, 1, seems);
}

function wideEncoding(start: Uint8Array): string | undefined {
  const [a, b, c, d] = start;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? "UTF-32LE" : "UTF-16LE";
  if (a === 0xfe && b === 0xff) return "UTF-16BE";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "UTF-32BE";
  const head = start.subarray(0, 256);
  const zeros = (parity: number) => head.filter((byte, at) => at % 2 === parity && byte === 0).length / (head.length / 2);
  if (head.length < 8) return undefined;
  if (zeros(1) > 0.6 && zeros(0) < 0.1) return "UTF-16LE";
  if (zeros(0) > 0.6 && zeros(1) < 0.1) return "UTF-16BE";
  return undefined;
}
