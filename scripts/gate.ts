/** The whole gate, `npm test`: each step by name, its output only when it fails, and a last line that counts. What checks without running goes side by side. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
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

const checked = await Promise.all(
  steps.map(async ({ name, command: [program = "", ...args] }) => {
    const started = performance.now();
    const { good, output } = await finished(spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] }));
    return { name, good, output, seconds: (performance.now() - started) / 1000 };
  }),
);
for (const { name, good, output, seconds } of checked) {
  count(good);
  console.log(`${good ? "✓" : "✕"} ${name}  ${seconds.toFixed(1)} s`);
  if (!good) console.log(output);
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

/** What it wrote, and whether it ended well; a program that is not there did not. */
function finished(child: ChildProcess): Promise<{ readonly good: boolean; readonly output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve) => {
    child.on("error", ({ message }) => resolve({ good: false, output: message }));
    child.on("close", (code) => resolve({ good: code === 0, output }));
  });
}
