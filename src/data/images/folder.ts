import { type BigIntStats, closeSync, constants, fstatSync, open as openFile, read } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { type Digest, digestOfFile, digestOfJson, Problem, quoted } from "../../base/index.ts";
import { mostPictureBytes } from "./decode.ts";
import { kindOf } from "./sniff.ts";

/** More files than any set of pictures that is read here. */
const mostFiles = 2_000_000;
const mostDepth = 16;

/** Names that systems leave behind. */
const isLitter = (name: string) => name.startsWith(".") || /^(thumbs\.db|desktop\.ini|__macosx)$/i.test(name);

/** All plain files in a folder, however deep, by their path from it with forward slashes, in order. A link is a Problem: it would lead elsewhere. */
export async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (inside: string, depth: number): Promise<void> => {
    if (depth > mostDepth) throw tooMany(join(folder, inside), `folders lie more than ${mostDepth} deep in each other`);
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      if (isLitter(entry.name)) continue;
      const name = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isSymbolicLink()) throw linked(join(folder, name));
      if (entry.isDirectory()) await visit(name, depth + 1);
      else if (entry.isFile()) found.push(name);
      if (found.length > mostFiles) throw tooMany(folder, `the folder has more than ${mostFiles} files`);
    }
  };
  await visit("", 0);
  return found.sort((a, b) => (a < b ? -1 : 1));
}

const tooMany = (file: string, what: string) =>
  new Problem("IMAGE_TOO_LARGE", what, { file, remedy: "Declare the folder of the pictures alone, or an index of fewer." });

const linked = (file: string) =>
  new Problem("ARTEFACT_ESCAPES", "this is a link, and may lead out of the project", {
    file,
    remedy: "Copy what it leads to into its place.",
  });

/** The pictures of folders called like their class. Text beside those folders is passed over; a picture there has no class. */
export async function classPictures(folder: string): Promise<{ readonly name: string; readonly label: string }[]> {
  const files = await filesIn(folder);
  const pictures = files.filter((name) => name.includes("/")).map((name) => ({ name, label: name.slice(0, name.indexOf("/")) }));
  for (const name of files.filter((each) => !each.includes("/"))) {
    if ((await beginsAsPicture(join(folder, name))) === false) continue;
    throw new Problem("IMAGES_UNCLEAR", "the picture lies beside the folders of classes, in none of them", {
      file: join(folder, name),
      remedy: "Move it into the folder of its class, or away.",
    });
  }
  if (pictures.length === 0) {
    throw new Problem("TABLE_EMPTY", "the folder has no folders of pictures in it, each called like a class", {
      file: folder,
      remedy: "Put the pictures of each class into a folder of its own, or declare an index that names them with their labels.",
    });
  }
  return pictures;
}

async function beginsAsPicture(path: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return kindOf(buffer.subarray(0, bytesRead)) !== null;
  } finally {
    await file.close();
  }
}

/** Reads pictures out of one folder, and out of nothing else: no `..`, no link on the way. */
export function pictureReader(folder: string): (name: string) => Promise<Buffer> {
  const sound = new Map<string, Promise<void>>();
  const checkWay = (way: string, path: string) => {
    const known = sound.get(way) ?? noLinks(folder, way, path);
    sound.set(way, known);
    return known;
  };
  return async (name) => {
    const path = join(folder, name);
    const inside = relative(folder, path);
    if (name.includes("\0") || inside === "" || inside === ".." || inside.startsWith(`..${sep}`)) throw escapes(folder, name);
    await checkWay(dirname(path), path);
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    const file = await opening(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ELOOP" ? linked(path) : missing(path, error.code);
    });
    try {
      const found = fstatSync(file);
      if (!found.isFile()) throw missing(path, "no plain file");
      if (found.size > mostPictureBytes) {
        throw new Problem("IMAGE_TOO_LARGE", `the file has ${found.size} bytes; ${mostPictureBytes} are read at most`, {
          file: path,
          remedy: "Check that it is a picture; if it is, save it smaller.",
        });
      }
      return await wholeOf(file, found.size);
    } finally {
      closeSync(file);
    }
  };
}

// Of a small file what is waited for is opening and reading it; each further wait would cost more than it spares.
const opening = promisify(openFile);
const reading = promisify(read);

async function wholeOf(file: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await reading(file, bytes, at, size - at, at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

async function noLinks(folder: string, way: string, path: string): Promise<void> {
  const real = await realpath(way).catch((error: NodeJS.ErrnoException) => {
    throw missing(path, error.code);
  });
  if (real !== (await realpath(folder)) + way.slice(folder.length)) throw linked(way);
}

const escapes = (file: string, name: string) =>
  new Problem("ARTEFACT_ESCAPES", `the index names ${quoted(name)}, which does not lie in its folder of pictures`, {
    file,
    remedy: "Copy the picture into the folder, and name it by its path from there.",
  });

const missing = (file: string, code = "unknown") =>
  new Problem(
    "IMAGE_MISSING",
    code === "ENOENT" || code === "ENOTDIR" ? "there is no such picture" : `the picture cannot be read (${code})`,
    {
      file,
      remedy: "Put it there, or correct the index.",
    },
  );

/** Whether the first file that lies in a folder's folders is a picture. */
export async function holdsPictures(folder: string): Promise<boolean> {
  const inside = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory() && !isLitter(entry.name));
  for (const { name } of inside) {
    const [first] = (await readdir(join(folder, name), { withFileTypes: true })).filter((entry) => entry.isFile() && !isLitter(entry.name));
    if (first !== undefined) return beginsAsPicture(join(folder, name, first.name));
  }
  return false;
}

/** Of the names and bytes of all files in a folder: another one when any of them is. */
export async function digestOfFolder(folder: string, signal?: AbortSignal): Promise<Digest> {
  const files: [string, Digest][] = [];
  for (const name of await filesIn(folder)) files.push([name, await digestOfFile(join(folder, name), signal)]);
  return digestOfJson(files);
}

/** What a folder's files are, by their names and by size, times and inode, which stand for the contents until one of them changes. */
export async function stampsIn(folder: string): Promise<{ readonly names: readonly string[]; readonly stamps: readonly string[] }> {
  const names = await filesIn(folder);
  const stamps: string[] = [];
  for (let at = 0; at < names.length; at += 64) {
    const some = names.slice(at, at + 64).map(async (name) => stampOf(await lstat(join(folder, name), { bigint: true })));
    stamps.push(...(await Promise.all(some)));
  }
  return { names, stamps };
}

const stampOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats) => [size, mtimeNs, ctimeNs, ino].join(" ");
