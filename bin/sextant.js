#!/usr/bin/env node
// Plain JavaScript that any Node can read, so that an old one gets a clear message and not a syntax error.
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const here = (path) => new URL(path, import.meta.url);

if (Number(process.versions.node.split(".")[0]) >= 24) await run();
else if (existsSync(here("../scripts/with-node.js"))) await again();
else tooOld();

async function run() {
  let isCut = false;
  for (const [name, stream] of [
    ["stdout", process.stdout],
    ["stderr", process.stderr],
  ]) {
    // A reader that has seen enough (`| head`) is no fault: go on to the end, so that the exit code is the true one.
    stream.on("error", (error) => {
      if (error.code === "EPIPE" || isCut) return;
      isCut = true;
      process.exitCode = 2;
      if (name === "stdout") process.stderr.write(outputRefused(error));
    });
  }
  // What was compiled lies beside what it was made from: whoever can write there can write our code as well. Where nobody may, nothing is kept.
  module.enableCompileCache(fileURLToPath(here("../.cache")));
  // A clone runs its sources; the published package has none.
  const source = here("../src/cli/main.ts");
  const { main } = await import(existsSync(source) ? source.href : here("../dist/cli/main.js").href);
  const code = await main(process.argv.slice(2));
  process.exitCode = isCut && code < 70 ? 2 : code;
}

const outputRefused = ({ code, message }) =>
  `stdout  FILES_REFUSED\n  what was to be shown could not be written: ${code === "ENOSPC" ? "no space is left" : message} (${code})\n` +
  "  Make room, or send the output elsewhere; then run it again.\n";

/** A clone brings a Node along. */
async function again() {
  const runner = here("../scripts/with-node.js");
  process.argv.splice(1, 1, fileURLToPath(runner), fileURLToPath(import.meta.url));
  await import(runner.href);
}

function tooOld() {
  process.stderr.write(
    `NODE_TOO_OLD\n  Sextant needs Node 24 or newer; this is ${process.version}.\n  Install a current Node (nodejs.org) and run it again.\n`,
  );
  process.exitCode = 2;
}
