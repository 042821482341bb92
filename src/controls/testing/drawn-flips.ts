import type { Random } from "../../base/index.ts";
import type { Flips } from "../needs/flips.ts";

/** `n` rows of which each column turns the answer with the probability given, independently of the others. */
export function drawnFlips(random: Random, n: number, columns: { readonly [column: string]: number }): Flips {
  const found = Object.entries(columns).map(([column, share]) => ({
    column,
    values: ["a", "b", "c"],
    refused: 0,
    flipped: Uint8Array.from({ length: n }, () => (random.uniform() < share ? 1 : 0)),
  }));
  return {
    classes: ["no", "yes"],
    rows: Int32Array.from({ length: n }, (_, row) => row),
    answers: new Int32Array(n),
    columns: found,
    questions: n * (1 + 3 * found.length),
  };
}
