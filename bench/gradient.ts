/** PGD-20 on ONNX files against PyTorch's autograd on the same networks: same weights, points, steps and threads; parameters frozen; the better of eager and compiled. */
import { isolate } from "../src/base/index.ts";
import type * as side from "./gradient/ours.ts";
import { type Bench, type Case, median, type Outcome, outcome } from "./lib/outcome.ts";
import { type Peer, startPeer } from "./lib/peer.ts";
import { interleaved } from "./lib/rounds.ts";

const threads = 2;
const limits = { memoryBytes: 8 * 2 ** 30, timeoutMs: 30 * 60_000 };
/** What a net's ratio must reach: convolutional ones 1, the small one of linear layers 1.5. The line's own bar is 1, of the ratio over its net's bar. */
const bars: Readonly<Record<string, number>> = { "small-cnn": 1, "resnet-18": 1, mlp: 1.5, vit: 1 };
/** Of both gradients from the exact one, in the median of the rows. */
const mostApart = 1e-4;

interface Sizes {
  readonly rows: number;
  readonly width: number;
  readonly shape: readonly number[];
  readonly eps: number;
}

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has a peer");
  const script = new URL("./gradient/peer.py", import.meta.url);
  await using first = startPeer(python, script, [scratch, String(threads)]);
  const about = await first.ask<{ torch: string; config: string }>({ do: "about" });
  note(`peer: torch ${about.torch}; ${about.config.match(/BLAS_INFO=\w+|MKL|oneDNN [^\n]*|CPU capability[^\n]*/g)?.join(", ")}`);
  const sizes = await first.ask<Readonly<Record<string, Sizes>>>({ do: "make" });
  const cases: Case[] = [];
  let agrees = true;
  for (const [name, size] of Object.entries(sizes)) {
    const ways: { way: string; ours: number; peer: number; ratios: number[] }[] = [];
    let ourMemory = 0;
    let peerMemory = Number.POSITIVE_INFINITY;
    for (const way of ["eager", "compiled"]) {
      await using peer = startPeer(python, script, [scratch, String(threads)]);
      await using child = isolate<typeof side>(new URL("./gradient/ours.ts", import.meta.url), limits);
      const told = await peer.ask<{ fails?: string; warmup: number; apart: number }>({ do: "open", case: name, way });
      if (told.fails !== undefined) {
        note(`${name} ${way}: PyTorch does not run it: ${told.fails}`);
        continue;
      }
      const { apart } = await child.call("open", { ...size, name, scratch, threads });
      agrees &&= apart <= mostApart && told.apart <= mostApart;
      for (let warm = 0; warm < 2; warm++) await child.call("round", null);
      const pairs = await interleaved(
        () => child.call("round", null),
        () => peer.ask<number>({ do: "round", case: name }),
      );
      const ratios = pairs.map(([ours, other]) => other / ours);
      const seconds = (at: 0 | 1) => median(pairs.map((pair) => pair[at]));
      ways.push({ way, ours: seconds(0), peer: seconds(1), ratios });
      ourMemory = Math.max(ourMemory, await child.call("memory", null));
      peerMemory = Math.min(peerMemory, await memoryOf(peer));
      note(
        `${name} ${way}: ours ${seconds(0).toFixed(4)} s, PyTorch ${seconds(1).toFixed(4)} s (first run ${told.warmup.toFixed(1)} s); from the exact gradient ours ${apart.toExponential(1)}, PyTorch ${told.apart.toExponential(1)}`,
      );
    }
    const best = ways.reduce((a, b) => (b.peer < a.peer ? b : a));
    const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
    note(`${name}: the whole process at its largest, ours ${mib(ourMemory)} MiB, PyTorch ${mib(peerMemory)} MiB`);
    const ratio = median(best.ratios) / (bars[name] ?? 1);
    cases.push({
      name: `${name}, ${best.way}`,
      ours: best.ours,
      peer: best.peer,
      ratio,
      low: Math.min(...best.ratios),
      high: Math.max(...best.ratios),
    });
    note(`${name}: ${median(best.ratios).toFixed(2)}x of PyTorch ${best.way}; its bar is ${bars[name]}x`);
  }
  const settled = {
    bench: "gradient",
    bar: 1,
    better: "lower",
    unit: "seconds of PGD-20, ratio over each net's bar",
    peer: "PyTorch",
  } as const;
  return outcome(settled, cases, agrees);
}

const memoryOf = (peer: Peer) => peer.ask<number>({ do: "memory" });
