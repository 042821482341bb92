import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { Problem } from "../base/index.ts";
import { openTableFile } from "./file.ts";
import type { Reading } from "./table.ts";

export type Compression = NonNullable<Reading["compression"]>;

const unpackers = { gzip: createGunzip, zstd: createZstdDecompress } as const;
const signatures = [
  { name: "gzip", bytes: [0x1f, 0x8b] },
  { name: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
] as const;

/** What may come out of a file of so many bytes: text of a table shrinks ten to fifty times. */
export const mostUnpacked = (packed: number): number => 2 ** 30 + 200 * packed;

/** How a file is packed, by its first bytes; undefined where it is not. */
async function compressionOf(path: string): Promise<{ readonly compression: Compression | undefined; readonly bytes: number }> {
  const { file, bytes } = await openTableFile(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return { compression: signatures.find((signature) => signature.bytes.every((byte, at) => buffer[at] === byte))?.name, bytes };
  } finally {
    await file.close();
  }
}

/** A file that is packed with gzip or zstd, unpacked into `copy`; any other stays where it is. A bomb, or what is cut short, is a Problem. */
export async function unpackFile(
  path: string,
  copy: string,
  most = mostUnpacked,
): Promise<{ readonly path: string; readonly compression?: Compression }> {
  const { compression, bytes } = await compressionOf(path);
  if (compression === undefined) return { path };
  let written = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _, done) {
      written += chunk.length;
      done(written > most(bytes) ? bomb(path, written) : null, chunk);
    },
  });
  const steps = pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    unpackers[compression]({ chunkSize: 1 << 18 }),
    counted,
    createWriteStream(copy),
  );
  await steps.catch((error: NodeJS.ErrnoException) => {
    throw error instanceof Problem ? error : unpackProblem(path, compression, error);
  });
  if (written === 0)
    throw new Problem("TABLE_EMPTY", "the file holds nothing, once unpacked", { file: path, remedy: "Write the table to it again." });
  return { path: copy, compression };
}

function unpackProblem(file: string, compression: Compression, error: NodeJS.ErrnoException): unknown {
  const { code = "" } = error;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new Problem("TABLE_TOO_LARGE", "there is no disk space to unpack the file", {
      file,
      remedy: "Free some, or leave columns out.",
    });
  if (!/^Z_|ZSTD|ERR_ZLIB|ERR_BUFFER/i.test(code)) return error;
  return new Problem("TABLE_DAMAGED", `the file is packed with ${compression}, and cannot be unpacked to its end`, {
    file,
    remedy: "It is truncated or damaged: copy it or write it again.",
  });
}

const bomb = (file: string, bytes: number) =>
  new Problem(
    "TABLE_TOO_LARGE",
    `the file unpacks to more than ${Math.floor(bytes / 2 ** 20)} MiB, 200 times its own size and a gigabyte`,
    {
      file,
      remedy: "Check that it is what it claims to be; if it is, unpack it yourself and name what comes out.",
    },
  );
