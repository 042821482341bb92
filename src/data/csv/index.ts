import { Problem } from "../../base/index.ts";
import { openTableFile } from "../file.ts";
import { checkNames } from "../names.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { checkWideEncoding, utf8Checker } from "./encoding.ts";
import { csvScanner, mostRecordBytes } from "./scan.ts";

export { mostRecordBytes } from "./scan.ts";

const sampleBytes = 1 << 16;
const chunkBytes = 1 << 20;

/** A CSV file that was read once from end to end and found sound. */
export interface CheckedCsv extends Dialect {
  readonly rows: number;
  /** Where the first row begins, in bytes. */
  readonly bodyStart: number;
}

/** Reads the whole file once, in bounded memory, and finds how it is written; everything wrong with it is a Problem with its line. */
export async function checkCsv(path: string): Promise<CheckedCsv> {
  const { file, bytes } = await openTableFile(path);
  try {
    const head = Buffer.alloc(Math.min(bytes, mostRecordBytes + sampleBytes));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const start = head.subarray(0, bytesRead);
    checkCompression(start, path);
    checkWideEncoding(start, path);
    const mark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0;
    const dialect = dialectOf(sampleOf(start.subarray(mark)), bytesRead === bytes && bytes <= sampleBytes, path);
    checkNames(dialect.header, path);

    const encoding = utf8Checker(path);
    const scanner = csvScanner({ ...dialect, width: dialect.header.length }, path);
    const chunk = Buffer.alloc(chunkBytes);
    for (let position = mark; ; ) {
      const { bytesRead: length } = await file.read(chunk, 0, chunk.length, position);
      if (length === 0) break;
      encoding.push(chunk.subarray(0, length));
      scanner.push(chunk.subarray(0, length));
      position += length;
    }
    encoding.end();
    const { rows, headerBytes } = scanner.end();
    if (rows === 0)
      throw new Problem("TABLE_EMPTY", "the file has a header and no rows", {
        file: path,
        remedy: "Write the table to it again, or leave it out.",
      });
    return { ...dialect, rows, bodyStart: mark + headerBytes };
  } finally {
    await file.close();
  }
}

/** The beginning, as long as it takes to hold some lines, as text; bytes that are no UTF-8 are found later, with their line. */
function sampleOf(start: Uint8Array): string {
  const firstLineEnd = Math.max(start.indexOf(10), start.indexOf(13), 0);
  return new TextDecoder().decode(start.subarray(0, firstLineEnd < sampleBytes / 2 ? sampleBytes : start.length));
}

const signatures = [
  { name: "gzip", bytes: [0x1f, 0x8b] },
  { name: "zip (or an Excel workbook)", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "bzip2", bytes: [0x42, 0x5a, 0x68, 0x39] },
  { name: "xz", bytes: [0xfd, 0x37, 0x7a, 0x58] },
];

function checkCompression(start: Uint8Array, file: string): void {
  if (String.fromCharCode(...start.subarray(0, 4)) === "PAR1") {
    throw new Problem("TABLE_DAMAGED", "the file is Parquet, not CSV", {
      file,
      remedy: "Declare it as Parquet, or give it the ending .parquet.",
    });
  }
  const found = signatures.find(({ bytes }) => bytes.every((byte, at) => start[at] === byte));
  if (found)
    throw new Problem("TABLE_COMPRESSED", `the file is packed with ${found.name}`, {
      file,
      remedy: "Unpack it, and name the CSV file that comes out.",
    });
}
