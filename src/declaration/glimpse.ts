import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** The first and the last bytes of a plain file; null where there is none, or it may not be read. */
export async function bytesOf(root: string, path: string, first: number, last: number): Promise<{ head: Buffer; tail: Buffer } | null> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(join(root, path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return null;
    const part = async (from: number, count: number) => {
      const buffer = Buffer.alloc(count);
      const { bytesRead } = await file.read(buffer, 0, count, from);
      return buffer.subarray(0, bytesRead);
    };
    return {
      head: await part(0, Math.min(first, facts.size)),
      tail: await part(Math.max(0, facts.size - last), Math.min(last, facts.size)),
    };
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
