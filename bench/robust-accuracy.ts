/**
 * Robust accuracy of five networks as our standard ensemble finds it, against pyautoattack's "standard": same weights, points, sizes of change and threads.
 * `npm run bench -- robust-accuracy`, or with a number of pictures behind it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { isolate } from "../src/base/index.ts";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { startPeer } from "./lib/peer.ts";
import type * as side from "./robust-accuracy/ours.ts";

const threads = 2;
const limits = { memoryBytes: 8 * 2 ** 30, timeoutMs: 3600_000 };
const networks = ["mlp", "cnn", "resnet", "cnn-linf", "resnet-l2"];
const sizes = [
  { norm: "linf", eps: 0.1 },
  { norm: "l2", eps: 1.5 },
] as const;
const seed = 1;
/** Points of robust accuracy that ours may lie above the peer's. */
const above = 0.3;
/** Between both sides' logits. */
const mostApart = 1e-4;

interface Attacked {
  readonly robust: readonly number[];
  readonly seconds: number;
}

export async function bench({ python, scratch, note, args }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has a peer");
  const rows = Number(args[0] ?? 200);
  if (!Number.isInteger(rows) || rows < 1 || rows > 2000) throw new RangeError("a number of pictures from 1 to 2000");
  writePoints(scratch);
  note(`${rows} pictures of examples/fashion's test split, ${threads} threads each`);
  await using peer = startPeer(python, new URL("./robust-accuracy/peer.py", import.meta.url), [here(".."), scratch, String(threads)]);
  await using child = isolate<typeof side>(new URL("./robust-accuracy/ours.ts", import.meta.url), limits);
  const cases: Case[] = [];
  let sound = true;
  for (const name of networks) {
    const question = { name, scratch, rows, threads };
    await peer.ask({ do: "logits", case: name, rows });
    const apart = await child.call("apart", question);
    sound &&= apart <= mostApart;
    for (const { norm, eps } of sizes) {
      const ours = await child.call("attack", { ...question, norm, eps, seed });
      const theirs = await peer.ask<Attacked>({ do: "attack", case: name, norm, eps, rows, seed });
      const [own, other] = [points(ours), points(theirs)];
      sound &&= own <= other + above;
      cases.push({ name: `${name} ${norm} ${eps}`, ours: ours.seconds, peer: theirs.seconds, ratio: theirs.seconds / ours.seconds });
      const only = (a: Attacked, b: Attacked) => a.robust.filter((each, row) => each === 0 && b.robust[row] === 1).length;
      note(
        `${name} ${norm} ${eps}: robust accuracy ours ${own.toFixed(1)} %, peer ${other.toFixed(1)} % (fooled by ours alone ${only(ours, theirs)}, by the peer alone ${only(theirs, ours)}); ` +
          `ours ${ours.seconds.toFixed(1)} s, peer ${theirs.seconds.toFixed(1)} s; logits apart ${apart.toExponential(1)}`,
      );
    }
  }
  const settled = { bench: "robust-accuracy", bar: 1, better: "lower", unit: "seconds", peer: "pyautoattack" } as const;
  return outcome(settled, cases, sound);
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const points = ({ robust }: Attacked) => (100 * robust.reduce((sum, each) => sum + each, 0)) / robust.length;

/** The test split of examples/fashion for both sides: pictures between 0 and 1, and labels. */
function writePoints(scratch: string): void {
  const bytes = (what: string) => gunzipSync(readFileSync(here(`../examples/fashion/data/test-${what}-ubyte.gz`)));
  writeFileSync(
    join(scratch, "points.float32"),
    Float32Array.from(bytes("images-idx3").subarray(16), (each) => each / 255),
  );
  writeFileSync(join(scratch, "labels.int32"), Int32Array.from(bytes("labels-idx1").subarray(8)));
}
