import { Problem } from "../../base/index.ts";
import { openTableFile } from "../file.ts";
import { checkCount } from "../names.ts";
import type { ReadHints } from "../table.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { encodingProblem, NotUtf8, utf8Checker, wideEncoding } from "./encoding.ts";
import { csvScanner, mostRecordBytes } from "./scan.ts";
import { transcode, western } from "./transcode.ts";

export { mostRecordBytes } from "./scan.ts";
export { isEncoding } from "./transcode.ts";

const sampleBytes = 1 << 16;
const chunkBytes = 1 << 20;

/** A CSV file in UTF-8 that was read once from end to end and found sound. */
export interface CheckedCsv extends Dialect {
  /** The file itself, or its copy in UTF-8. */
  readonly path: string;
  /** What it is written in, if not in UTF-8. */
  readonly encoding?: string;
  readonly rows: number;
  /** Where the first row begins, in bytes. */
  readonly bodyStart: number;
  readonly quoted: boolean;
  /** The line of the first row, where each row is one line. */
  readonly firstRowLine?: number;
}

interface Checking {
  /** The file as Problems name it: `path` may be a copy. */
  readonly file?: string;
  readonly hints?: ReadHints;
  /** Where a copy in UTF-8 may lie; needed for a file that is in another encoding. */
  readonly copy: string;
}

/** Reads the whole file, in bounded memory, and finds how it is written; everything wrong with it is a Problem with its line. Names of columns are not checked. */
export async function checkCsv(path: string, { file = path, hints = {}, copy }: Checking): Promise<CheckedCsv> {
  const start = await beginning(path);
  checkKind(start, file);
  const wide = wideEncoding(start);
  if (wide === "utf-32") throw encodingProblem(file, 1, "the file seems to be in UTF-32, which is not read");
  const known = hints.encoding ?? wide;
  if (known !== undefined && !/^utf-?8$/i.test(known)) return converted(path, known, { file, hints, copy }, false);
  try {
    return { path, ...(await checkUtf8(path, file, hints)) };
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    const { line, isMixed } = error;
    if (known !== undefined) throw encodingProblem(file, line, "this line is not in UTF-8, as declared");
    if (isMixed) throw encodingProblem(file, line, "this line is not in UTF-8, though lines before it are: the file mixes encodings");
    return converted(path, western, { file, hints, copy }, true);
  }
}

async function converted(path: string, encoding: string, { file, hints, copy }: Required<Checking>, isGuess: boolean): Promise<CheckedCsv> {
  await transcode(path, encoding, copy, file, isGuess);
  return { path: copy, encoding, ...(await checkUtf8(copy, file, hints)) };
}

async function checkUtf8(path: string, file: string, hints: ReadHints): Promise<Omit<CheckedCsv, "path" | "encoding">> {
  const { file: handle, bytes } = await openTableFile(path);
  try {
    const head = Buffer.alloc(Math.min(bytes, mostRecordBytes + sampleBytes));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const start = head.subarray(0, bytesRead);
    utf8Checker().push(start);
    const mark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0;
    const told = toldDelimiter(start.subarray(mark));
    const from = mark + told.bytes;
    const sample = sampleOf(start.subarray(from));
    const dialect = dialectOf(sample, bytesRead === bytes && bytes <= sampleBytes, file, hints.delimiter ?? told.delimiter);
    checkCount(dialect.header.length, file);

    const encoding = utf8Checker();
    const scanner = csvScanner({ ...dialect, width: dialect.header.length, startLine: 1 + told.lines }, file);
    const chunk = Buffer.alloc(chunkBytes);
    encoding.push(start.subarray(0, from));
    for (let position = from; ; ) {
      const { bytesRead: length } = await handle.read(chunk, 0, chunk.length, position);
      if (length === 0) break;
      encoding.push(chunk.subarray(0, length));
      scanner.push(chunk.subarray(0, length));
      position += length;
    }
    encoding.end();
    const { rows, headerBytes, ...found } = scanner.end();
    if (rows === 0)
      throw new Problem("TABLE_EMPTY", "the file has a header and no rows", {
        file,
        remedy: "Write the table to it again, or leave it out.",
      });
    return { ...dialect, blankLines: dialect.blankLines + told.lines, rows, bodyStart: from + headerBytes, ...found };
  } finally {
    await handle.close();
  }
}

/** Excel's own first line, `sep=;`, which is no part of the table. */
function toldDelimiter(start: Buffer): { readonly delimiter?: string; readonly bytes: number; readonly lines: number } {
  const [line, delimiter] = /^sep=([^\r\n])(?:\r\n|\n|\r)/i.exec(start.toString("latin1", 0, 8)) ?? [];
  return line === undefined || delimiter === undefined ? { bytes: 0, lines: 0 } : { delimiter, bytes: line.length, lines: 1 };
}

async function beginning(path: string): Promise<Buffer> {
  const { file } = await openTableFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The beginning, as long as it takes to hold some lines, as text. */
function sampleOf(start: Uint8Array): string {
  const firstLineEnd = Math.max(start.indexOf(10), start.indexOf(13), 0);
  return new TextDecoder().decode(start.subarray(0, firstLineEnd < sampleBytes / 2 ? sampleBytes : start.length));
}

const packed = [
  { name: "zip (or an Excel workbook)", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: "bzip2", bytes: [0x42, 0x5a, 0x68, 0x39] },
  { name: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58] },
];

function checkKind(start: Uint8Array, file: string): void {
  if (String.fromCharCode(...start.subarray(0, 4)) === "PAR1") {
    throw new Problem("TABLE_DAMAGED", "the file is Parquet, not CSV", { file, remedy: "Give it the ending .parquet." });
  }
  const found = packed.find(({ bytes }) => bytes.every((byte, at) => start[at] === byte));
  if (found)
    throw new Problem("TABLE_COMPRESSED", `the file is packed with ${found.name}`, {
      file,
      remedy: "Unpack it (gzip and zstd alone are unpacked here), and name the CSV file that comes out.",
    });
}
