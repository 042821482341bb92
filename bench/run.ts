/** `npm run bench -- NAME`: prepares the peer of bench/NAME.ts, runs both, appends to bench/results/NAME.log and ends with one line of JSON. */
import { appendFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { circumstances, load, pythonWith } from "./lib/environment.ts";
import type { Bench, Outcome } from "./lib/outcome.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const names = readdirSync(here("."))
  .filter((file) => file.endsWith(".ts") && file !== basename(import.meta.filename))
  .map((file) => file.replace(/\.ts$/, ""));

async function run(name: string, args: readonly string[]): Promise<Outcome> {
  const requirements = here(`${name}/requirements.txt`);
  const python = existsSync(requirements) ? pythonWith(requirements, here(`.work/venv-${name}`)) : null;
  const scratch = here(`.work/${name}`);
  mkdirSync(scratch, { recursive: true });
  const lines = [`# ${new Date().toISOString()}`, ...circumstances(python)];
  const note = (line: string) => {
    lines.push(line);
    console.log(line);
  };
  const { bench } = (await import(`./${name}.ts`)) as { bench: (bench: Bench) => Promise<Outcome> };
  note(load());
  const outcome = await bench({ python, scratch, args, note });
  note(load());
  mkdirSync(here("results"), { recursive: true });
  appendFileSync(here(`results/${name}.log`), `${[...lines, JSON.stringify(outcome), ""].join("\n")}\n`);
  return outcome;
}

const [name = "", ...args] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`npm run bench -- NAME, where NAME is one of ${names.join(", ")}`);
  process.exit(2);
}
const outcome = await run(name, args);
console.log(JSON.stringify(outcome));
process.exitCode = outcome.pass ? 0 : 1;
