/** Builds what is published into dist/: JavaScript by tsc, and beside it the documents that `sextant explain` shows. */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const root = new URL("../", import.meta.url);
rmSync(new URL("dist", root), { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
for (const path of globSync("src/controls/*/*/control.md", { cwd: root })) {
  const target = new URL(path.replace(/^src/, "dist"), root);
  mkdirSync(dirname(target.pathname), { recursive: true });
  cpSync(new URL(path, root), target);
}
// `new URL("./x.ts", import.meta.url)` names modules at run time, where tsc does not rewrite it.
for (const path of globSync("dist/**/*.js", { cwd: root })) {
  const file = new URL(path, root);
  const text = readFileSync(file, "utf8");
  const mended = text.replace(/(new URL\("\.[^"]*)\.ts"/g, '$1.js"');
  if (mended !== text) writeFileSync(file, mended);
}
