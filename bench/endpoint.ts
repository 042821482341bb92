/**
 * An endpoint that is asked through its ledger, against a bare undici client that makes and sends the same bodies to the same server (that of examples/service), 64 requests of one row in
 * flight; and memory over a million rows. Requests of 64 rows are shown beside it and have no bar: there a row's digest and durable record cost more than the small model's whole answer.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Bench, type Case, median, type Outcome, outcome } from "./lib/outcome.ts";

const here = (file: string) => fileURLToPath(new URL(`./endpoint/${file}`, import.meta.url));
const flags = ["--disable-warning=ExperimentalWarning"];
const rounds = 5;
const bar = 0.95;
/** Rows a request, and rows in all: some seconds each. */
const sizes = [
  { batch: 1, rows: 20_000, hasBar: true },
  { batch: 64, rows: 200_000, hasBar: false },
] as const;
const manyRows = 1_000_000;
/** What a hundred thousand rows need, a million may need so many times: the index of what was asked takes some bytes a row, and the rest must not grow. */
const flat = 1.25;

interface Ran {
  readonly seconds: number;
  readonly cpu: number;
  readonly positive: number;
  /** Ours alone: resident MiB after each tenth of the rows. */
  readonly marks?: readonly number[];
}

export async function bench({ scratch, note }: Bench): Promise<Outcome> {
  const server = await startServer();
  try {
    const cases: Case[] = [];
    let isSound = true;
    for (const size of sizes) {
      const { found, isSame } = await compared(server.url, size, scratch, note);
      if (size.hasBar) cases.push(found);
      else note(`beside it: ${found.name}: ${found.ratio.toFixed(2)} of the bare client's rows a second`);
      isSound &&= isSame;
    }
    const { marks = [] } = await run("ours", server.url, { batch: 64, rows: manyRows }, scratch);
    const [tenth = Number.NaN, all = Number.NaN] = [marks[1], marks.at(-1)];
    note(
      `memory: ${Math.round(tenth)} MiB resident after 100,000 rows, ${Math.round(all)} MiB after 1,000,000 (at most ${flat} times as much)`,
    );
    isSound &&= all <= flat * tenth;
    return outcome({ bench: "endpoint", bar, better: "higher", unit: "rows a second, ours / bare", peer: "undici" }, cases, isSound);
  } finally {
    server.stop();
  }
}

type Size = { readonly batch: number; readonly rows: number };

/** Both sides in turn, each in a process of its own; the median of the rounds' ratios counts. */
async function compared(url: string, size: Size, scratch: string, note: Bench["note"]): Promise<{ found: Case; isSame: boolean }> {
  const ratios: number[] = [];
  const speeds = { ours: [] as number[], bare: [] as number[] };
  let isSame = true;
  for (let round = 1; round <= rounds; round++) {
    const bare = await run("bare", url, size, scratch);
    const ours = await run("ours", url, size, scratch);
    isSame &&= bare.positive === ours.positive;
    speeds.ours.push(size.rows / ours.seconds);
    speeds.bare.push(size.rows / bare.seconds);
    ratios.push(bare.seconds / ours.seconds);
    const each = (ran: Ran) =>
      `${Math.round(size.rows / ran.seconds)} rows/s (${((1e6 * ran.cpu) / size.rows).toFixed(1)} us of processor a row)`;
    note(`round ${round}, ${size.batch} rows a request: ours ${each(ours)}, bare ${each(bare)}${isSame ? "" : ": the answers differ"}`);
  }
  const found: Case = {
    name: `${size.batch} ${size.batch === 1 ? "row" : "rows"} a request, 64 in flight`,
    ours: median(speeds.ours),
    peer: median(speeds.bare),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    unit: "rows/s",
  };
  return { found, isSame };
}

async function run(who: "ours" | "bare", url: string, { batch, rows }: Size, scratch: string): Promise<Ran> {
  const folder = join(scratch, "ledger");
  mkdirSync(folder, { recursive: true });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...flags,
      here("client.ts"),
      who,
      url,
      String(rows),
      String(batch),
      folder,
    ]);
    return JSON.parse(stdout) as Ran;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** It ends when its input does, whatever becomes of us. */
async function startServer(): Promise<{ url: string; stop(): void }> {
  const child: ChildProcess = spawn(process.execPath, [...flags, here("server.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("the server has no output");
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { url, stop: () => child.stdin?.end() };
}
