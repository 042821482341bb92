// Plain JavaScript that any Node can read: runs `node ARGS...` with the Node that the clone brings along, first on the PATH for everything it starts.
// npm's own links would do, but npm 10 drops the link `node` when it leaves out the sister packages of other platforms.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const { platform, arch } = process;
const system = platform === "win32" ? "win" : platform;
const packages = [`node-${system}-${arch}`, `node-bin-${system}-${arch}`];
const candidates = packages.map((name) =>
  fileURLToPath(new URL(`../node_modules/${name}/bin/node${platform === "win32" ? ".exe" : ""}`, import.meta.url)),
);
const brought = candidates.find((path) => existsSync(path));

if (brought === undefined && Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    `NODE_TOO_OLD\n  Sextant needs Node 24 or newer; this is ${process.version}, and no Node came with \`npm ci\` for ${platform} ${arch}.\n  Install a current Node (nodejs.org) and run it again.\n`,
  );
  process.exit(2);
}
const node = brought ?? process.execPath;
// Compiled sources are kept inside the clone, where nobody else writes.
const compiled = fileURLToPath(new URL("../node_modules/.cache/node", import.meta.url));
const environment = { NODE_COMPILE_CACHE: compiled, ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
const child = spawn(node, process.argv.slice(2), { stdio: "inherit", env: environment });
// What stops this process alone (a terminal stops both) must stop what it runs, which says how it ended.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("error", () => (process.exitCode = 70)).on("close", (code) => (process.exitCode = code ?? 70));
