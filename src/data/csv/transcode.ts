import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { encodingProblem } from "./encoding.ts";

/** The encoding that is taken for a file that is in none of Unicode's: Latin-1 with quotation marks and the euro. */
export const western = "windows-1252";

/** Writes a text in some encoding to `copy` in UTF-8, in bounded memory; what does not belong to that encoding is a Problem with its line. */
export async function transcode(path: string, encoding: string, copy: string, file: string, isGuess: boolean): Promise<void> {
  const checker = isGuess ? westernChecker(file) : undefined;
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      const decoder = decoderOf(encoding, file);
      let line = 1;
      const decoded = (bytes: Uint8Array, stream: boolean) => {
        try {
          return decoder.decode(bytes, { stream });
        } catch {
          throw encodingProblem(file, line, `from here on the file cannot be read as ${encoding}`);
        }
      };
      for await (const chunk of chunks) {
        checker?.push(chunk);
        const text = decoded(chunk, true);
        yield text;
        line += lineFeeds(text);
      }
      yield decoded(new Uint8Array(0), false);
      checker?.end();
    },
    createWriteStream(copy),
  );
}

/** Encodings that texts come in; labels of the WHATWG standard that mean something else (`replacement`, `x-user-defined`) are none. */
export const isEncoding = (label: string): boolean => {
  try {
    return !/replacement|x-user-defined/.test(new TextDecoder(label).encoding);
  } catch {
    return false;
  }
};

function decoderOf(label: string, file: string) {
  if (!isEncoding(label)) throw encodingProblem(file, 1, `the encoding ${JSON.stringify(label)} is not known`);
  return new TextDecoder(label, { fatal: true });
}

function lineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

const unused = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
const fewest = 4;

/**
 * Whether bytes look like a Western European text: in those languages a letter with an accent seldom stands beside another, while in Cyrillic, Greek or Chinese nearly every byte
 * beyond ASCII does. Bytes that Windows-1252 leaves unused are no text in it at all.
 */
function westernChecker(file: string) {
  let line = 1;
  let firstLine = 0;
  let beyond = 0;
  let beside = 0;
  let isAfter = false;
  return {
    push(chunk: Uint8Array) {
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]!;
        if (byte === 10) line++;
        if (byte < 0x80) {
          isAfter = false;
          continue;
        }
        if (unused.has(byte)) throw notWestern(file, line);
        if (beyond++ === 0) firstLine = line;
        if (isAfter) beside++;
        isAfter = true;
      }
    },
    end() {
      if (beyond >= fewest && beside > beyond / 2) throw notWestern(file, firstLine);
    },
  };
}

const notWestern = (file: string, line: number) =>
  encodingProblem(file, line, "the file is not in UTF-8, and does not look like Windows-1252 (Latin-1) either");
