import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Digest, digestOf, digestOfJson } from "../base/index.ts";

/** Every import that exists at run time: `import ... from`, `export ... from`, bare `import` and `import()`; not `import type`. */
const imports = /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

const closures = new Map<string, Digest>();

/**
 * A hash over a module and everything that it imports, however far: our own files by content, packages by version. What was measured by other
 * code is measured again; nobody has to remember to raise a version.
 */
export function codeDigest(module: string): Digest {
  const known = closures.get(module);
  if (known !== undefined) return known;
  const files = new Map<string, string>();
  visit(module, files);
  const digest = digestOfJson([...files.entries()].sort(([a], [b]) => (a < b ? -1 : 1)));
  closures.set(module, digest);
  return digest;
}

/** Imports as URLs, or names of packages. */
const sources = new Map<string, { readonly digest: Digest; readonly imports: readonly string[] }>();

function visit(url: string, files: Map<string, string>): void {
  if (files.has(name(url))) return;
  if (!url.startsWith("file:")) {
    files.set(url, url.startsWith("node:") ? process.version : packageVersion(url));
    return;
  }
  const source = read(url);
  files.set(name(url), source.digest);
  for (const imported of source.imports) visit(imported, files);
}

function read(url: string) {
  const known = sources.get(url);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(url), "utf8");
  const found = [...text.matchAll(imports)].map((match) => match[1] ?? match[2] ?? "").filter((specifier) => specifier !== "");
  const imported = found.map((specifier) => (specifier.startsWith(".") ? new URL(specifier, url).href : specifier));
  const source = { digest: digestOf(text), imports: imported };
  sources.set(url, source);
  return source;
}

const root = new URL("..", import.meta.url).href;
/** The same on every machine and wherever the project lies. */
const name = (url: string) => (url.startsWith(root) ? url.slice(root.length) : url);

const require = createRequire(import.meta.url);

const versions = new Map<string, string>();

function packageVersion(specifier: string): string {
  const parts = specifier.split("/");
  const packageName = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  const version = versions.get(packageName) ?? installedVersion(packageName);
  versions.set(packageName, version);
  return version;
}

function installedVersion(packageName: string): string {
  for (const folder of require.resolve.paths(packageName) ?? []) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${packageName}/package.json`, "utf8")) as { version: string }).version;
    } catch {
      // not in this folder: the next one up
    }
  }
  throw new Error(`no package ${packageName} is installed`);
}
