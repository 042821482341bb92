/** Runs in an isolated child: native code that cannot be loaded here must not take the doctor along. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Loads a package with its native code; gives its version. Throws what the package throws. */
export async function load({ name }: { readonly name: string }): Promise<string> {
  const loaded = (await import(name)) as Record<string, unknown>;
  if (Object.keys(loaded).length === 0) throw new Error("it holds nothing");
  return versionOf(name);
}

function versionOf(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  while (folder !== dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const found = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
      if (found.name === name && found.version !== undefined) return found.version;
    }
    folder = dirname(folder);
  }
  return "of an unknown version";
}
