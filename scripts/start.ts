/** `npm start`: assesses the shipped example and says where the report lies. An honest example ends with something unmet, which is no failure of the command. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const sextant = fileURLToPath(new URL("../bin/sextant.js", import.meta.url));
const { status } = spawnSync(process.execPath, [sextant, "assess", "examples/credit", ...process.argv.slice(2)], {
  cwd: new URL("../", import.meta.url),
  stdio: "inherit",
});
const fine = [0, 1, 4];
if (status !== null && fine.includes(status))
  console.log(`\`sextant assess examples/credit\` exits with ${status}; \`npm start\` counts 0, 1 and 4 as a good run.`);
process.exitCode = status !== null && fine.includes(status) ? 0 : (status ?? 70);
