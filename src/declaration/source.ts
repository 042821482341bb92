import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { nearest, Problem, quoted } from "../base/index.ts";
import { isInside } from "./paths.ts";

/** What is read of a sextant.yaml. Hostile YAML costs the parser time that grows faster than its length. */
const mostBytes = 256 * 1024;

export interface SourceText {
  /** As shown to people. */
  readonly file: string;
  /** The folder it lies in: absolute, without links. */
  readonly root: string;
  readonly text: string;
}

/** Reads sextant.yaml in a folder, or the file itself. Throws DECLARATION_MISSING, DECLARATION_UNREADABLE or ARTEFACT_ESCAPES. */
export async function readSource(folderOrFile: string): Promise<SourceText> {
  const file = await fileIn(folderOrFile);
  const absolute = resolve(file);
  const root = await realpath(dirname(absolute)).catch(() => dirname(absolute));
  const bytes = await readBounded(file, root);
  return { file, root, text: decoded(bytes, file) };
}

async function fileIn(folderOrFile: string): Promise<string> {
  const isFolder = await stat(folderOrFile).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  return isFolder ? join(folderOrFile, "sextant.yaml") : folderOrFile;
}

async function readBounded(file: string, root: string): Promise<Buffer> {
  // O_NONBLOCK: a named pipe must not keep us waiting.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(async (error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" || error.code === "ENOTDIR"
      ? await missing(file)
      : unreadable(file, `it cannot be opened (${error.code ?? "unknown"})`, "Give yourself the right to read it.");
  });
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw unreadable(file, "this is not a plain file", "Name a sextant.yaml, or the folder that holds it.");
    if (!isInside(root, await realpath(file))) {
      throw new Problem("ARTEFACT_ESCAPES", "the declaration is a link that leads outside its folder", {
        file,
        remedy: "Put the file itself there.",
      });
    }
    if (facts.size > mostBytes) {
      throw unreadable(
        file,
        `it has ${facts.size} bytes; at most ${mostBytes} are read`,
        "A declaration holds no data: name files instead of writing their content.",
      );
    }
    const buffer = Buffer.alloc(mostBytes);
    const { bytesRead } = await handle.read(buffer, 0, mostBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function missing(file: string): Promise<Problem> {
  const names = await readdir(dirname(file)).catch(() => []);
  const near = nearest(
    basename(file),
    names.filter((name) => /\.ya?ml$/i.test(name)),
  );
  return new Problem("DECLARATION_MISSING", "there is no such file", {
    file,
    remedy:
      near === null
        ? "Write one with `sextant init`, or name the folder that holds it."
        : near === "sextant.yaml"
          ? `There is ${quoted(near)}: name that.`
          : `There is ${quoted(near)}: rename it to sextant.yaml.`,
  });
}

const unreadable = (file: string, what: string, remedy: string, place: { line?: number; column?: number } = {}) =>
  new Problem("DECLARATION_UNREADABLE", what, { file, ...place, remedy });

function decoded(bytes: Buffer, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw unreadable(file, "the file is in UTF-16", "Save it in UTF-8.");
  const lines = splitLines(bytes);
  const bad = lines.findIndex((line) => !isUtf8(line));
  if (bad >= 0)
    throw unreadable(file, "this line is not in UTF-8", "Save the file in UTF-8; it seems to be in an older encoding such as Latin-1.", {
      line: bad + 1,
      column: 1,
    });
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (control === null) return text;
  const before = text.slice(0, control.index).split("\n");
  throw unreadable(file, `the file holds the control character ${quoted(control[0])}`, "Delete it; a text editor wrote no such thing.", {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  });
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  lines.push(bytes.subarray(from));
  return lines;
}
