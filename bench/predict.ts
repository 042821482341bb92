/** Rows a second of `openModel(...).predict(table)` against onnxruntime in Python: same models, rows and threads, from columns in memory to probabilities in memory. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isolate } from "../src/base/index.ts";
import { type Bench, type Case, median, type Outcome, outcome } from "./lib/outcome.ts";
import { type Peer, startPeer } from "./lib/peer.ts";
import { interleaved, largestDifference } from "./lib/rounds.ts";
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
  for (let warm = 0; warm < 3; warm++) await ours.call("round", null);
  const own = join(scratch, `${name}.float64`);
  await ours.call("answers", { file: own });
  const gap = largestDifference(own, await peer.ask<string>({ do: "answers", case: name }));
  const seconds = await interleaved(
    () => ours.call("round", null),
    () => peer.ask<number>({ do: "round", case: name }),
  );
  note(
    `${name}: ${rows} rows, ${threads} threads; peer's best way: ${theirs.way}, ${theirs.batch ?? "all"} rows a call; answers differ by at most ${gap.toExponential(1)}`,
  );
  note(`  ours ${seconds.map(([mine]) => mine.toFixed(3)).join(" ")} s; peer ${seconds.map(([, other]) => other.toFixed(3)).join(" ")} s`);
  const speed = (at: 0 | 1) => Math.round(rows / median(seconds.map((pair) => pair[at])));
  const ratios = seconds.map(([mine, other]) => other / mine);
  const result = { name, ours: speed(0), peer: speed(1), ratio: speed(0) / speed(1), low: Math.min(...ratios), high: Math.max(...ratios) };
  return { ...result, gap };
}
