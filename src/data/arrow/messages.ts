import type { FileHandle } from "node:fs/promises";
import { type Head, headOf } from "./metadata.ts";

/** A message of an Arrow stream as it lies in the file, with its body: a schema, a dictionary or a record batch. */
export interface Message {
  readonly kind: "schema" | "dictionary" | "batch";
  readonly bytes: Uint8Array;
  /** What a reader of it holds at most: its bytes as they lie there, and eight for each of its values. */
  readonly weight: number;
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
    if (metadata.length < metadataBytes) throw new NotArrow("it is cut short");
    const { kind, bodyBytes, values } = checkedHead(metadata);
    const length = prefixBytes + metadataBytes + bodyBytes;
    if (at + length > bytes) throw new NotArrow("it is cut short");
    if (Math.max(bodyBytes, 8 * values) > most) throw new MessageTooLarge(); // columns of nothing take no bytes in the file
    const found = kinds[kind];
    if (found !== undefined) yield { kind: found, bytes: await read(at, length), weight: length + 8 * values };
    at += length;
  }
}

function checkedHead(metadata: Buffer): Head {
  try {
    return headOf(metadata);
  } catch {
    throw new NotArrow("it does not hold Arrow messages");
  }
}
