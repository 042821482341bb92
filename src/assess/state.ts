import { lstatSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../base/index.ts";

const kinds = { folder: "a folder", file: "a plain file" } as const;

/** Where state is written, read and removed: all that a link could lead astray. */
const places: readonly (readonly [path: string, kind: keyof typeof kinds])[] = [
  [".", "folder"],
  ["evidence", "folder"],
  ["cache", "folder"],
  ["cache/keys", "folder"],
  ["cache/objects", "folder"],
  ["spill", "folder"],
  ["index.db", "file"],
  ["index.db-wal", "file"],
  ["index.db-shm", "file"],
];

/** A project comes from anywhere: were a part of its state a link, we would write, and delete, wherever it leads. Throws STATE_INVALID. */
export function checkState(folder: string): void {
  for (const [path, kind] of places) {
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (found === undefined || (kind === "folder" ? found.isDirectory() : found.isFile())) continue;
    throw new Problem("STATE_INVALID", `this must be ${kinds[kind]}, and is ${found.isSymbolicLink() ? "a link" : "something else"}`, {
      file: join(folder, path),
      remedy: "Delete it: Sextant makes its state itself, inside the project.",
    });
  }
}
