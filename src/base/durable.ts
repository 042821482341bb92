import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Writes aside, fsyncs, renames and fsyncs the folder: a reader sees the old content or the new, never half of it. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const aside = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(aside, "wx", 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await unlink(aside).catch(() => undefined);
    throw error instanceof Error ? Object.assign(error, { path }) : error; // the name aside means nothing to a person
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // a folder cannot be opened there
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Something else than a plain file of bounded size stands there. */
export class NotPlainFile extends Error {}

/**
 * Reads a file that others may have put there; null when there is none. A link, a pipe, a device or a file of more than `most` bytes would lead elsewhere or
 * never end: NotPlainFile.
 */
export async function readPlainFile(path: string, most: number): Promise<Buffer | null> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error.code === "ELOOP" ? new NotPlainFile(path) : error;
  });
  if (file === null) return null;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > most) throw new NotPlainFile(path);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
