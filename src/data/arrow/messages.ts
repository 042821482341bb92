import type { FileHandle } from "node:fs/promises";

/** A message of an Arrow stream as it lies in the file, with its body: a schema, a dictionary or a record batch. */
export interface Message {
  readonly kind: "schema" | "dictionary" | "batch";
  readonly bytes: Uint8Array;
}

const kinds: Readonly<Record<number, Message["kind"]>> = { 1: "schema", 2: "dictionary", 3: "batch" };
const fileMagic = "ARROW1";
const mostMetadataBytes = 1 << 24;

/** What the file says of itself makes no sense; the caller knows the file's name. */
export class NotArrow extends Error {}

/** One message needs more memory than there is. */
export class MessageTooLarge extends Error {}

/**
 * The messages of an Arrow stream, or of an Arrow file, whose beginning is a stream (Arrow columnar format, "IPC Streaming Format" and "IPC File Format"), one at a time; each is `most`
 * bytes at most.
 */
export async function* messagesOf(file: FileHandle, bytes: number, most: number): AsyncGenerator<Message, void> {
  const read = async (position: number, length: number) => {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
  const start = (await read(0, 6)).toString("latin1");
  if (start.startsWith("FEA1")) throw new NotArrow("it is a Feather file of version 1, which is no Arrow file");
  for (let at = start === fileMagic ? 8 : 0; at < bytes; ) {
    const prefix = await read(at, 8);
    if (prefix.length < 4) throw new NotArrow("it is cut short");
    const isMarked = prefix.readInt32LE(0) === -1;
    const prefixBytes = isMarked ? 8 : 4;
    if (isMarked && prefix.length < 8) throw new NotArrow("it is cut short");
    const metadataBytes = prefix.readInt32LE(prefixBytes - 4);
    if (metadataBytes === 0) return;
    if (metadataBytes < 0 || metadataBytes > mostMetadataBytes) throw new NotArrow("it does not hold Arrow messages");
    const metadata = await read(at + prefixBytes, metadataBytes);
    const { kind, bodyBytes } = headOf(metadata);
    const length = prefixBytes + metadataBytes + bodyBytes;
    if (metadata.length < metadataBytes || !(at + length <= bytes)) throw new NotArrow("it is cut short");
    if (bodyBytes > most) throw new MessageTooLarge();
    const found = kinds[kind];
    if (found !== undefined) yield { kind: found, bytes: await read(at, length) };
    at += length;
  }
}

/** Two fields of the flatbuffer `Message`: the type of its header, and the length of the body that follows. */
function headOf(metadata: Buffer): { kind: number; bodyBytes: number } {
  try {
    const table = metadata.readUInt32LE(0);
    const offsets = table - metadata.readInt32LE(table);
    const place = (field: number) => {
      const slot = 4 + 2 * field;
      return slot + 2 <= metadata.readUInt16LE(offsets) ? metadata.readUInt16LE(offsets + slot) : 0;
    };
    const [kind, body] = [place(1), place(3)];
    const bodyBytes = body === 0 ? 0 : Number(metadata.readBigInt64LE(table + body));
    if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) throw new RangeError("a body of no size");
    return { kind: kind === 0 ? 0 : metadata.readUInt8(table + kind), bodyBytes };
  } catch {
    throw new NotArrow("it does not hold Arrow messages");
  }
}
