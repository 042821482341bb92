import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Short rounds are repeated more often: a median of few would be the machine's mood. */
const rounds = { least: 9, most: 51, seconds: 10 };
/** Threads of onnxruntime spin for a while after their work; the other side must not feel it. */
const pauseMs = 100;

/** Seconds of both, round by round; who goes first alternates. */
export async function interleaved(
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<readonly (readonly [number, number])[]> {
  const pairs: (readonly [number, number])[] = [];
  const rested = async (run: () => Promise<number>) => {
    await setTimeout(pauseMs);
    return run();
  };
  const spent = () => pairs.flat().reduce((sum, seconds) => sum + seconds, 0);
  for (let round = 0; round < rounds.least || (round < rounds.most && spent() < rounds.seconds); round++) {
    if (round % 2 === 0) {
      const own = await rested(ours);
      pairs.push([own, await rested(peer)]);
    } else {
      const other = await rested(peer);
      pairs.push([await rested(ours), other]);
    }
  }
  return pairs;
}

/** Between probabilities that we wrote as float64 and a peer as float32. */
export function largestDifference(own: string, other: string): number {
  const [a, b] = [readFileSync(own), readFileSync(other)];
  const ours = new Float64Array(a.buffer, a.byteOffset, a.byteLength / 8);
  const theirs = new Float32Array(b.buffer, b.byteOffset, b.byteLength / 4);
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  for (const [at, value] of ours.entries()) gap = Math.max(gap, Math.abs(value - (theirs[at] ?? Number.NaN)));
  return gap;
}
