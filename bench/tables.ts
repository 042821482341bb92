/** A CSV file of a gigabyte, written plainly and as a German program writes it: time and memory of reading it, how memory grows with rows, and DuckDB and pandas in Python on the same file. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { measured, type Ran } from "./lib/process-tree.ts";
import { makeFile, type Writing, writings } from "./tables/make.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const gigabyte = 2 ** 30;
const parts = 4;
/** What the engine gets: so little that a part of the file uses it up already, and what grows beyond it shows. Node and its buffers, which must not grow, come on top. */
const engineBytes = 256 * 2 ** 20;
const limit = { mebibytes: 256 + 512, growth: 1.25 } as const;
const readers = ["duckdb", "pandas"] as const;

interface Held {
  readonly rows: number;
  readonly sum: number;
}

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has peers");
  const cases: Case[] = [];
  let agrees = true;
  for (const writing of writings) {
    const part = await ours(writing, gigabyte / parts, scratch, note);
    const whole = await ours(writing, gigabyte, scratch, note);
    agrees &&= part.held.rows === part.rows && whole.held.rows === whole.rows;
    cases.push(
      limited(`${writing.name}, memory`, whole.ran.peakMebibytes, limit.mebibytes),
      limited(`${writing.name}, memory at ${parts} times the rows`, whole.ran.peakMebibytes, limit.growth * part.ran.peakMebibytes),
    );
    for (const reader of readers)
      agrees &&= await agreesWith(reader, writing, { python, path: whole.path, held: whole.held, scratch, note });
  }
  const settled = { bench: "tables", bar: 1, better: "lower", unit: "MiB, resident; limit / ours", peer: null } as const;
  return outcome(settled, cases, agrees);
}

const limited = (name: string, mebibytes: number, most: number): Case => ({
  name,
  ours: mebibytes,
  peer: most,
  ratio: most / mebibytes,
  unit: "MiB",
});

async function ours(writing: Writing, bytes: number, scratch: string, note: Bench["note"]) {
  const path = join(scratch, `${writing.name}-${bytes}.csv`);
  const rows = await makeFile(writing, path, bytes);
  const spill = mkdtempSync(join(scratch, "spill-"));
  try {
    const ran = await measured(process.execPath, [here("tables/ours.ts"), path, spill, String(engineBytes)], scratch);
    note(`${writing.name}, ${rows} rows, ${said(statSync(path).size, ran)}`);
    return { path, rows, ran, held: heldBy(ran) };
  } finally {
    rmSync(spill, { recursive: true, force: true });
  }
}

async function agreesWith(
  reader: (typeof readers)[number],
  { name }: Writing,
  { python, path, held, scratch, note }: { python: string; path: string; held: Held; scratch: string; note: Bench["note"] },
): Promise<boolean> {
  const ran = await measured(python, [here("tables/peer.py"), reader, name, path], scratch);
  if (ran.code !== 0) {
    note(`  ${reader} could not read it`);
    return true;
  }
  const theirs = heldBy(ran);
  note(`  ${reader}, told how it is written: ${said(statSync(path).size, ran)}`);
  return theirs.rows === held.rows && Math.abs(theirs.sum - held.sum) <= 1e-6 * Math.abs(held.sum);
}

function heldBy({ code, stdout }: Ran): Held {
  if (code !== 0) throw new Error(`a reader ended with ${code}`);
  return JSON.parse(stdout) as Held;
}

const said = (bytes: number, { seconds, peakMebibytes }: Ran) =>
  `${Math.round(bytes / 2 ** 20)} MiB: ${seconds.toFixed(1)} s, ${Math.round(bytes / 2 ** 20 / seconds)} MiB/s, peak ${Math.round(peakMebibytes)} MiB`;
