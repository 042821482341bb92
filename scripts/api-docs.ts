import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tools = new URL("../docs/tools/", import.meta.url);

/** The library's documentation, as `docs/tools/typedoc.json` has it made from the doc comments. Throws where it warns: of a type without a name or words, say. */
export function apiDocs(): { path: string; text: string }[] {
  const out = mkdtempSync(join(tmpdir(), "sextant-api-"));
  try {
    const typedoc = fileURLToPath(new URL("../bin/typedoc", `file://${createRequire(tools).resolve("typedoc")}`));
    const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, "--options", "typedoc.json", "--out", out], {
      cwd: tools,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", LANG: "C.UTF-8", LC_ALL: "C.UTF-8" }, // names are sorted alike everywhere
    });
    if (status !== 0) throw new Error(`the API's documentation could not be made:\n${stdout}${stderr}`);
    return globSync("**/*.md", { cwd: out })
      .sort()
      .map((path) => ({ path: `docs/api/${path}`, text: `${readFileSync(join(out, path), "utf8").trimEnd()}\n` }));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
