/** The whole gate, `npm test`: each step by name, its output only when it fails, and a last line that counts. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../", import.meta.url);
const scratch = mkdtempSync(join(tmpdir(), "sextant-gate-"));
const results = join(scratch, "vitest.json");

const steps: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "format and lint", command: ["biome", "ci", "--error-on-warnings", "."] },
  { name: "generated files", command: ["node", "scripts/generate.ts", "--check"] },
  { name: "dead code", command: ["knip", "--no-progress"] },
];

let passed = 0;
let failed = 0;
const count = (good: boolean) => (good ? passed++ : failed++);

for (const {
  name,
  command: [program = "", ...args],
} of steps) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  count(status === 0);
  console.log(`${status === 0 ? "✓" : "✕"} ${name}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
}

const { status } = spawnSync("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`], {
  cwd: root,
  stdio: "inherit",
});
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, "utf8")) as Record<string, number>;
  passed += numPassedTests ?? 0;
  failed += Math.max(numFailedTests ?? 0, numFailedTestSuites ?? 0, status === 0 ? 0 : 1);
} catch {
  failed++;
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
