import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Problem } from "../../base/index.ts";
import { parseDeclaration, type Read } from "../read.ts";

export async function rootOf(folder: string): Promise<string> {
  const root = await realpath(resolve(folder)).catch(() => null);
  if (root !== null && (await stat(root)).isDirectory()) return root;
  throw new Problem("ARTEFACT_MISSING", "there is no such folder", {
    file: folder,
    remedy: "Name the folder that holds the data and the model.",
  });
}

const schemaFile = "node_modules/sextant-ai/schema/sextant.schema.json";
const mostParents = 6;

/** Where an installed package keeps the schema, as a path from this folder; null where there is none. */
export async function schemaFrom(root: string): Promise<string | null> {
  for (let up = 0; up <= mostParents; up++) {
    const path = `${"../".repeat(up)}${schemaFile}`;
    if (await isFile(resolve(root, path))) return path;
  }
  return null;
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** The text as a declaration, though it is not written yet. */
export function readingOf(text: string, root: string): Read {
  const { tree, declaration } = parseDeclaration(text, "sextant.yaml");
  const [problem] = declaration.problems;
  if (declaration.value === undefined || problem !== undefined)
    throw new Error(`init wrote a declaration that does not read: ${problem?.message}`);
  return { declaration: declaration.value, file: "sextant.yaml", root, place: tree.place };
}

/** A file's or folder's name as words; one that holds no letter tells nothing. */
export function titleOf(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .slice(0, 100);
  return /\p{L}/u.test(words) ? `${words.charAt(0).toUpperCase()}${words.slice(1)}` : "Unnamed system";
}
