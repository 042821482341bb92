/** The nearest point that HopSkipJump finds within 1,000, 5,000 and 10,000 queries, against those of ART and Foolbox: same net, pictures and count of queries. */
import { join } from "node:path";
import { isolate } from "../src/base/index.ts";
import type * as side from "./hopskipjump/ours.ts";
import { pairedInterval } from "./lib/bootstrap.ts";
import { fashion } from "./lib/fashion.ts";
import { type Bench, type Case, median, type Outcome, outcome } from "./lib/outcome.ts";
import { startPeer } from "./lib/peer.ts";

const rows = 30;
const marks = [1000, 5000, 10_000];
const threads = 1;
const limits = { memoryBytes: 4 * 2 ** 30, timeoutMs: 30 * 60_000 };

/** Passes where for no peer and no number of queries the interval of the ratio (theirs / ours) of medians, or of geometric means, which tell more from few pictures, lies below 1. */
export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has peers");
  const points = join(scratch, "points.float32");
  await using child = isolate<typeof side>(new URL("./hopskipjump/ours.ts", import.meta.url), limits);
  const { labels, traces, asked } = await child.call("attack", { rows, marks, points, scratch });
  note(`ours: ${Math.round(asked / rows)} queries a picture`);
  const cases: Case[] = [];
  for (const name of ["ART", "Foolbox"]) {
    await using peer = startPeer(python, new URL("./hopskipjump/peer.py", import.meta.url), []);
    const { model, image } = fashion;
    const question = { do: name, model, mean: image.mean, std: image.std, threads, points, labels, marks };
    const theirs = await peer.ask<readonly (readonly number[])[]>(question);
    for (const [mark, queries] of marks.entries()) {
      const [own, other] = [column(traces, mark), column(theirs, mark)];
      cases.push(compared(`${name}, ${queries} queries: median`, own, other, median));
      cases.push(compared(`${name}, ${queries} queries: geometric mean`, own, other, geometricMean));
    }
  }
  for (const { name, ours, peer, low = 0, high = 0 } of cases)
    note(`${name}: L2 ours ${ours.toFixed(4)}, theirs ${peer.toFixed(4)}; theirs / ours between ${low.toFixed(3)} and ${high.toFixed(3)}`);
  const settled = { bench: "hopskipjump", bar: 1, better: "lower", unit: "L2 distance", peer: "ART, Foolbox" } as const;
  return { ...outcome(settled, cases, true), pass: cases.every(({ high = 0 }) => high >= settled.bar) };
}

const column = (traces: readonly (readonly number[])[], mark: number) => traces.map((trace) => trace[mark] ?? Number.NaN);

type Figure = (values: readonly number[]) => number;

const geometricMean: Figure = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

function compared(name: string, ours: readonly number[], theirs: readonly number[], figure: Figure): Case {
  const of = (values: readonly number[], some: Int32Array) => figure(Array.from(some, (row) => values[row] ?? Number.NaN));
  const [low, high] = pairedInterval(ours.length, (some) => of(theirs, some) / of(ours, some));
  const [own, peer] = [figure(ours), figure(theirs)];
  return { name, ours: own, peer, ratio: peer / own, low, high };
}
