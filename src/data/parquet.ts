import { Problem } from "../base/index.ts";
import { openTableFile } from "./file.ts";

/** Checks what can be seen from outside: the marks at both ends, and a footer that fits into the file. */
export async function checkParquet(path: string, shown = path): Promise<void> {
  const { file, bytes } = await openTableFile(path);
  try {
    const head = await bytesAt(file, 0, 4);
    const tail = await bytesAt(file, Math.max(bytes - 8, 0), 8);
    const begins = head.toString("latin1");
    const ends = tail.subarray(-4).toString("latin1");
    if (begins === "PARE" || ends === "PARE") {
      throw new Problem("TABLE_NOT_PARQUET", "the Parquet file is encrypted", { file: shown, remedy: "Decrypt it first." });
    }
    if (begins !== "PAR1")
      throw new Problem("TABLE_NOT_PARQUET", "the file does not begin as Parquet does", {
        file: shown,
        remedy: "Declare its true format, or write it again as Parquet.",
      });
    if (ends !== "PAR1" || bytes < 12) throw truncated(shown);
    if (tail.readUInt32LE(0) > bytes - 12) throw truncated(shown);
  } finally {
    await file.close();
  }
}

async function bytesAt(file: Awaited<ReturnType<typeof openTableFile>>["file"], position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

const truncated = (file: string) =>
  new Problem("TABLE_DAMAGED", "the Parquet file is truncated: its footer, which stands at its end, is not there", {
    file,
    remedy: "Copy or write it again.",
  });
