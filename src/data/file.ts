import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Problem } from "../base/index.ts";

/** Opens a table's file for reading, having seen that it is a plain file with something in it; its Problems say what it is instead. */
export async function openTableFile(
  path: string,
): Promise<{ readonly file: FileHandle; readonly bytes: number; readonly changed: number }> {
  // O_NONBLOCK: opening a named pipe must not wait for a writer for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: NodeJS.ErrnoException) => {
    throw notReadable(path, error);
  });
  try {
    const facts = await file.stat();
    if (facts.isDirectory()) throw notAFile(path, "a folder");
    if (!facts.isFile()) throw notAFile(path, "a device, a pipe or a socket");
    if (facts.size === 0) throw new Problem("TABLE_EMPTY", "the file is empty", { file: path, remedy: "Write the table to it again." });
    return { file, bytes: facts.size, changed: facts.mtimeMs };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function notReadable(path: string, { code }: NodeJS.ErrnoException): Problem {
  if (code === "EACCES" || code === "EPERM") {
    return new Problem("ARTEFACT_MISSING", "the file may not be read", { file: path, remedy: "Give yourself the right to read it." });
  }
  return new Problem("ARTEFACT_MISSING", code === "ENOENT" ? "there is no such file" : `the file cannot be opened (${code ?? "unknown"})`, {
    file: path,
    remedy: "Correct the path, or put the file there.",
  });
}

const notAFile = (path: string, what: string) =>
  new Problem("ARTEFACT_MISSING", `this is ${what}, not a file`, { file: path, remedy: "Name the table's own file." });
