import { createReadStream, createWriteStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { Problem } from "../../base/index.ts";

/** A file in a zip archive. Its name is a label alone: nothing is ever written under it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: "stored" | "deflated";
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its own header stands in the archive. */
  readonly header: number;
}

const mostEntries = 10_000;
const mostDirectoryBytes = 1 << 24;
const endBytes = 22;
const mostCommentBytes = 0xffff;

/** The files of an archive, by its central directory (APPNOTE 6.3, zip64 included), read in bounded memory. Encrypted ones and other methods are Problems. */
export async function zipEntries(file: FileHandle, size: number, path: string): Promise<ZipEntry[]> {
  const { count, bytes, start } = await directoryOf(file, size, path);
  if (count > mostEntries || bytes > mostDirectoryBytes) {
    throw new Problem("TABLE_TOO_LARGE", `the archive holds ${count} files; ${mostEntries} are read at most`, {
      file: path,
      remedy: "Check that it is what it claims to be; write fewer arrays into one file.",
    });
  }
  const directory = await bytesAt(file, start, bytes, path);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw damaged(path);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const end = at + 46 + nameBytes + extraBytes + commentBytes;
    if (end > directory.length) throw damaged(path);
    entries.push(entryOf(directory.subarray(at, end), nameBytes, extraBytes, path));
    at = end;
  }
  return entries;
}

function entryOf(record: Buffer, nameBytes: number, extraBytes: number, path: string): ZipEntry {
  const name = record.toString("utf8", 46, 46 + nameBytes);
  if ((record.readUInt16LE(8) & 1) !== 0) throw refused(path, "encrypted");
  const method = record.readUInt16LE(10);
  if (method !== 0 && method !== 8) throw refused(path, "packed in a way that is not read");
  const wide = zip64Of(record.subarray(46 + nameBytes, 46 + nameBytes + extraBytes));
  const field = (offset: number) => {
    const narrow = record.readUInt32LE(offset);
    return narrow === 0xffff_ffff ? (wide.shift() ?? Number.NaN) : narrow;
  };
  const [bytes, packedBytes, header] = [field(24), field(20), field(42)];
  if (![bytes, packedBytes, header].every(Number.isSafeInteger)) throw damaged(path);
  return { name, method: method === 0 ? "stored" : "deflated", packedBytes, bytes, header };
}

/** The 64-bit fields that stand in for those that read 0xffffffff, in their order: size, packed size, place. */
function zip64Of(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const body = extra.subarray(at + 4, at + 4 + length);
    if (id === 1) return Array.from({ length: Math.floor(body.length / 8) }, (_, index) => Number(body.readBigUInt64LE(index * 8)));
    at += 4 + length;
  }
  return [];
}

async function directoryOf(file: FileHandle, size: number, path: string): Promise<{ count: number; bytes: number; start: number }> {
  const tailBytes = Math.min(size, endBytes + mostCommentBytes + 20);
  const tail = await bytesAt(file, size - tailBytes, tailBytes, path);
  const end = tail.lastIndexOf(Uint8Array.of(0x50, 0x4b, 5, 6), tail.length - endBytes);
  if (end < 0) throw damaged(path);
  const found = { count: tail.readUInt16LE(end + 10), bytes: tail.readUInt32LE(end + 12), start: tail.readUInt32LE(end + 16) };
  const isWide = found.count === 0xffff || found.bytes === 0xffff_ffff || found.start === 0xffff_ffff;
  const directory = isWide ? await wideDirectory(file, tail, end, path) : found;
  const within = [directory.start, directory.bytes].every(Number.isSafeInteger) && directory.start + directory.bytes <= size;
  if (!within) throw damaged(path);
  return directory;
}

async function wideDirectory(file: FileHandle, tail: Buffer, end: number, path: string) {
  if (end < 20 || tail.readUInt32LE(end - 20) !== 0x07064b50) throw damaged(path);
  const record = await bytesAt(file, Number(tail.readBigUInt64LE(end - 12)), 56, path);
  if (record.readUInt32LE(0) !== 0x06064b50) throw damaged(path);
  const [count, bytes, start] = [32, 40, 48].map((at) => Number(record.readBigUInt64LE(at))) as [number, number, number];
  return { count, bytes, start };
}

/** Where an entry's bytes begin: after a header of its own, whose lengths may differ from the directory's. */
export async function entryStart(file: FileHandle, entry: ZipEntry, path: string): Promise<number> {
  const header = await bytesAt(file, entry.header, 30, path);
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged(path);
  return entry.header + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Unpacks an entry into a file; one that turns out larger than its directory says is a Problem, and so is one of more than `most` bytes. */
export async function unpackEntry(file: FileHandle, entry: ZipEntry, path: string, to: string, most: number): Promise<void> {
  if (entry.bytes > most) throw bomb(path, most);
  const start = await entryStart(file, entry, path);
  let written = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _, done) {
      written += chunk.length;
      done(written > entry.bytes ? damaged(path) : null, chunk);
    },
  });
  const packed = createReadStream(path, { start, end: start + Math.max(entry.packedBytes, 1) - 1 });
  const steps = entry.method === "stored" ? [counted] : [createInflateRaw(), counted];
  await pipeline([packed, ...steps, createWriteStream(to)]).catch((error: NodeJS.ErrnoException) => {
    throw /^Z_|ERR_ZLIB/.test(error.code ?? "") ? damaged(path) : error;
  });
  if (written !== entry.bytes) throw damaged(path);
}

async function bytesAt(file: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  if (!Number.isSafeInteger(position) || position < 0) throw damaged(path);
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw damaged(path);
  return buffer;
}

const damaged = (file: string) =>
  new Problem("TABLE_DAMAGED", "the archive is truncated or damaged", { file, remedy: "Copy it or write it again." });

const refused = (file: string, how: string) =>
  new Problem("TABLE_COMPRESSED", `a file in the archive is ${how}`, {
    file,
    remedy: "Write it with numpy.savez or numpy.savez_compressed.",
  });

const bomb = (file: string, most: number) =>
  new Problem("TABLE_TOO_LARGE", `unpacked, a file of the archive would be larger than ${Math.round(most / 2 ** 20)} MiB`, {
    file,
    remedy: "Check that it is what it claims to be; if it is, unpack it yourself.",
  });
