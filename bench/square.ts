/** Robust accuracy under Square at equal queries, against ART and AutoAttack: same net, pictures, sizes of change. */
import { join } from "node:path";
import { isolate } from "../src/base/index.ts";
import { pairedInterval } from "./lib/bootstrap.ts";
import { fashion } from "./lib/fashion.ts";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { startPeer } from "./lib/peer.ts";
import type * as side from "./square/ours.ts";

const rows = 100;
const budgets = [300, 1000];
/** Where about half of the pictures fall. */
const sizes = { linf: 0.02, l2: 0.5, l1: 6 } as const;
const threads = 1;
const limits = { memoryBytes: 4 * 2 ** 30, timeoutMs: 30 * 60_000 };

/** Passes where in no case the interval of the ratio of robust accuracies (theirs / ours) lies below 1. */
export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has peers");
  const points = join(scratch, "points.float32");
  await using child = isolate<typeof side>(new URL("./square/ours.ts", import.meta.url), limits);
  await using peer = startPeer(python, new URL("./square/peer.py", import.meta.url), []);
  const labels = await child.call("open", { rows, points, scratch });
  const { model, image } = fashion;
  const given = { model, mean: image.mean, std: image.std, threads, points, labels };
  const cases: Case[] = [];
  for (const [norm, eps] of Object.entries(sizes) as [keyof typeof sizes, number][])
    for (const queries of budgets) {
      const ours = await child.call("attack", { norm, eps, queries });
      for (const name of ["ART", "AutoAttack"]) {
        const theirs = await peer.ask<readonly number[]>({ do: name, ...given, norm, eps, queries });
        cases.push(compared(`${name}, ${norm} within ${eps}, ${queries} queries`, ours, theirs));
      }
    }
  for (const { name, ours, peer: other, low = 0, high = 0 } of cases)
    note(
      `${name}: robust accuracy ours ${ours.toFixed(3)}, theirs ${other.toFixed(3)}; theirs / ours between ${low.toFixed(3)} and ${high.toFixed(3)}`,
    );
  const settled = { bench: "square", bar: 1, better: "lower", unit: "robust accuracy", peer: "ART, AutoAttack" } as const;
  return { ...outcome(settled, cases, true), pass: cases.every(({ high = 0 }) => high >= settled.bar) };
}

function compared(name: string, ours: readonly number[], theirs: readonly number[]): Case {
  const of = (stands: readonly number[], some: Iterable<number>) => {
    const values = Array.from(some, (row) => stands[row] ?? Number.NaN);
    return values.reduce((sum, each) => sum + each, 0) / values.length;
  };
  const [low, high] = pairedInterval(ours.length, (some) => of(theirs, some) / of(ours, some));
  const [mine, other] = [of(ours, ours.keys()), of(theirs, theirs.keys())];
  return { name, ours: mine, peer: other, ratio: other / mine, low, high };
}
