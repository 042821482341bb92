#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a clear message and not a syntax error.
import { existsSync } from "node:fs";

const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `NODE_TOO_OLD\n  Sextant needs Node 24 or newer; this is ${process.version}.\n  Install a current Node (nodejs.org), or run it inside a clone, which brings its own.\n`,
  );
  process.exit(2);
}
// A reader that has seen enough (`| head`) is no fault: go on to the end, so that the exit code is the true one.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}
const source = new URL("../src/cli/main.ts", import.meta.url);
// A clone runs its sources; the published package has none.
const { main } = await import(existsSync(source) ? source.href : new URL("../dist/cli/main.js", import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
