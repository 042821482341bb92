import { bytesOf } from "../glimpse.ts";

/** More are hardly one system's tables. */
const mostLooked = 200;
const glimpsed = 4096;

/** Files called `.json` that begin as records do: an array of objects, or one object a line. Settings and models begin otherwise. */
export async function recordFiles(root: string, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths.slice(0, mostLooked)) {
    const bytes = await bytesOf(root, path, glimpsed, 0);
    if (bytes !== null && beginsAsRecords(bytes.head.toString("utf8"))) found.push(path);
  }
  return found;
}

const beginsAsRecords = (text: string) => /^\ufeff?\s*\[\s*\{/.test(text) || /^\ufeff?\s*\{[^\n]*\}\s*\n\s*\{/.test(text);
