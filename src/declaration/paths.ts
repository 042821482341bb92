import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, posix, relative, resolve, sep, win32 } from "node:path";
import { nearest, type Place, Problem, quoted } from "../base/index.ts";

/** Whether an absolute path without links is `root` or lies in it. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export type Kind = "file" | "folder" | "file or folder";

/**
 * The absolute path, links resolved, of a file or folder that the declaration names; `root` is absolute and without links.
 * Throws ARTEFACT_ESCAPES when it lies outside, ARTEFACT_MISSING when it is not there or of the other kind.
 */
export async function locate(root: string, named: string, kind: Kind, place: Place): Promise<string> {
  if (named.includes("\0")) throw escapes(named, place, "holds a NUL character");
  if (posix.isAbsolute(named) || win32.isAbsolute(named)) throw escapes(named, place, "is not relative to sextant.yaml");
  const path = resolve(root, named);
  if (!isInside(root, path)) throw escapes(named, place, "leads outside the project's folder");
  const real = await realpath(path).catch(async (error: NodeJS.ErrnoException) => {
    throw await missing(root, path, named, error, place);
  });
  if (!isInside(root, real)) throw escapes(named, place, "is a link that leads outside the project's folder, or lies behind one");
  const facts = await stat(real);
  const found = facts.isFile() ? "file" : facts.isDirectory() ? "folder" : "device, a pipe or a socket";
  if (found === kind || (kind === "file or folder" && (found === "file" || found === "folder"))) return real;
  throw new Problem("ARTEFACT_MISSING", `${quoted(named)} is a ${found}, not a ${kind}`, { ...place, remedy: `Name a ${kind}.` });
}

const escapes = (named: string, place: Place, how: string) =>
  new Problem("ARTEFACT_ESCAPES", `${quoted(named)} ${how}`, {
    ...place,
    remedy: "Copy what is assessed into the project, and name it by its path from sextant.yaml.",
  });

async function missing(root: string, path: string, named: string, { code }: NodeJS.ErrnoException, place: Place): Promise<Problem> {
  if (code !== "ENOENT" && code !== "ENOTDIR") {
    return new Problem("ARTEFACT_MISSING", `${quoted(named)} cannot be read (${code ?? "unknown"})`, {
      ...place,
      remedy: "Give yourself the right to read it, or correct the path.",
    });
  }
  const near = await neighbour(root, path);
  const remedy =
    near === null ? "Correct the path, or put the file there." : `Did you mean ${quoted(posix.join(posix.dirname(named), near))}?`;
  return new Problem("ARTEFACT_MISSING", `there is no ${quoted(named)}`, { ...place, remedy });
}

/** The entry of the same folder that is called most alike; a folder outside the project is not looked into. */
async function neighbour(root: string, path: string): Promise<string | null> {
  const folder = await realpath(dirname(path)).catch(() => null);
  if (folder === null || !isInside(root, folder)) return null;
  return nearest(basename(path), await readdir(folder).catch(() => []));
}
