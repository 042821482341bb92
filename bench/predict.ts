/** Rows a second of `openModel(...).predict(table)` against onnxruntime in Python: same models, rows and threads, from columns in memory to probabilities in memory. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolate } from "../src/base/index.ts";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { type Peer, startPeer } from "./lib/peer.ts";
import { compareSides } from "./lib/sides.ts";
import type * as side from "./predict/ours.ts";
import type { Subject } from "./predict/ours.ts";

const example = fileURLToPath(new URL("../examples/credit", import.meta.url));
const leastRows = 200_000;
const threads = 2;
const largestGap = 1e-6;

const credit = (name: string): Subject => ({
  name,
  root: example,
  model: join(example, "models", `${name}.onnx`),
  data: join(example, "data", "test.parquet"),
  label: "income-per-year",
});

const numbers = (scratch: string): Subject => ({
  name: "numbers",
  root: scratch,
  model: join(scratch, "numbers.onnx"),
  data: join(scratch, "numbers.parquet"),
  label: "outcome",
  classes: ["no", "yes"],
});

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has a peer");
  await using peer = startPeer(python, new URL("./predict/peer.py", import.meta.url), [example, scratch]);
  await peer.ask({ do: "make" });
  const cases: Case[] = [];
  let agrees = true;
  for (const subject of [credit("boosted"), credit("net"), numbers(scratch)]) {
    const { gap, ...result } = await compare(subject, scratch, peer, note);
    cases.push(result);
    agrees &&= gap <= largestGap;
  }
  const settled = { bench: "predict", bar: 0.9, better: "higher", unit: "rows/s", peer: "onnxruntime in Python" } as const;
  return outcome(settled, cases, agrees);
}

async function compare(subject: Subject, scratch: string, peer: Peer, note: Bench["note"]): Promise<Case & { readonly gap: number }> {
  const { name } = subject;
  await using ours = isolate<typeof side>(new URL("./predict/ours.ts", import.meta.url), { memoryBytes: 4 * 2 ** 30, timeoutMs: 600_000 });
  const { rows, repeats } = await ours.call("open", { subject, scratch, threads, leastRows });
  const theirs = await peer.ask<{ rows: number; way: string; batch: number | null }>({ do: "open", case: name, repeats });
  if (theirs.rows !== rows) throw new Error(`the peer has ${theirs.rows} rows, we have ${rows}`);
  const mine = { round: () => ours.call("round", null), answers: (file: string) => ours.call("answers", { file }) };
  const { result, gap, seconds } = await compareSides(name, rows, mine, peer, scratch);
  note(
    `${name}: ${rows} rows, ${threads} threads; peer's best way: ${theirs.way}, ${theirs.batch ?? "all"} rows a call; answers differ by at most ${gap.toExponential(1)}`,
  );
  note(seconds);
  return { ...result, gap };
}
