import { realpath, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { Problem, writeDurably } from "../base/index.ts";
import { filesOfTable, type Read } from "../declaration/index.ts";

/**
 * Whether a document may be written to `output`. Throws OUTPUT_PROTECTED where it would replace the declaration, a file that it names or a part of the state,
 * and FILES_REFUSED where there is no such folder: a misspelt path makes none.
 */
export async function checkOutput(output: string, { declaration, root, file }: Read): Promise<void> {
  const path = resolve(output);
  const folder = await realpath(dirname(path)).catch(() => null);
  if (folder === null) {
    throw new Problem("FILES_REFUSED", "there is no such folder to write into", {
      file: output,
      remedy: `Make the folder ${dirname(output)} first, or choose another place.`,
    });
  }
  const state = join(root, ".sextant");
  const isReport = folder === state && /^report\./.test(basename(path));
  if (!isReport && `${folder}${sep}`.startsWith(state + sep)) throw isProtected(output, "this is a place of Sextant's own state");
  const there = await identityOf(path);
  if (there === null) return;
  const named = (await namedFiles(declaration, root)).map(
    (path) => [path, `the declaration names this file (${relative(root, path)})`] as const,
  );
  for (const [each, what] of [[resolve(file), "this is the declaration"] as const, ...named]) {
    if ((await identityOf(each)) === there) throw isProtected(output, what);
  }
}

const isProtected = (file: string, what: string) =>
  new Problem("OUTPUT_PROTECTED", `${what}, and a report would replace it`, { file, remedy: "Choose another place for the report." });

async function namedFiles({ datasets = [], models = [], code = [] }: Read["declaration"], root: string): Promise<string[]> {
  const tables = [
    ...datasets.flatMap(({ splits }) => Object.values(splits)),
    ...models.flatMap(({ predictions }) => Object.values(predictions?.files ?? {})),
  ];
  const files = await Promise.all(tables.map((named) => filesOfTable(root, named)));
  const others = [...tables, ...models.map(({ file }) => file), ...code.flatMap(({ lockfiles }) => lockfiles)];
  return [...files.flat(), ...others.flatMap(namesIn).map((name) => join(root, name))];
}

/** A path, or every path inside what a split says of its arrays. */
const namesIn = (named: unknown): string[] =>
  typeof named === "string" ? [named] : typeof named === "object" && named !== null ? Object.values(named).flatMap(namesIn) : [];

/** The file itself, by whatever name or link it is reached; null when nothing is there. */
async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.dev} ${found.ino}`;
}

/** A file is replaced as a whole; a device or a pipe (`/dev/stdout`) is written into: replacing it would take it away from everybody. */
export async function writeOutput(path: string, text: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || found.isFile()) return writeDurably(path, text);
  await writeFile(path, text).catch((error: unknown) => {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  });
}
