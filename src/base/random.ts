import { createHash } from "node:crypto";

/** A seeded stream of random numbers: the same seed and labels give the same numbers on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** Shuffles in place (Fisher and Yates) and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(values: T): T;
  /** `count` different integers of [0, below) in random order. */
  sample(below: number, count: number): Int32Array;
  /** An independent stream, named. */
  fork(label: string): Random;
}

/** xoshiro128** (Blackman and Vigna 2018), its state drawn from SHA-256 of the seed and the labels. */
export function seededRandom(seed: number, ...labels: readonly string[]): Random {
  const hash = createHash("sha256")
    .update(JSON.stringify([seed, ...labels]))
    .digest();
  let a = hash.readInt32LE(0);
  let b = hash.readInt32LE(4);
  let c = hash.readInt32LE(8);
  let d = hash.readInt32LE(12) | 1;

  const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));
  const bits32 = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };

  const uniform = () => ((bits32() >>> 5) * 67_108_864 + (bits32() >>> 6)) / 9_007_199_254_740_992;
  const integer = (below: number) => Math.floor(uniform() * below);
  const random: Random = {
    uniform,
    integer,
    normal() {
      // Box and Muller; one of the pair is enough for us.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    },
    shuffle(values) {
      for (let last = values.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        [values[last], values[other]] = [values[other], values[last]];
      }
      return values;
    },
    sample(below, count) {
      if (count > below) throw new RangeError(`cannot draw ${count} different numbers below ${below}`);
      const pool = Int32Array.from({ length: below }, (_, index) => index);
      for (let at = 0; at < count; at++) {
        const other = at + integer(below - at);
        [pool[at], pool[other]] = [pool[other]!, pool[at]!];
      }
      return pool.slice(0, count);
    },
    fork: (label) => seededRandom(seed, ...labels, label),
  };
  return random;
}
