import type { Encoded } from "./encoder.ts";

export type Split =
  | { readonly kind: "number"; readonly at: number; readonly limit: number }
  | { readonly kind: "category"; readonly at: number; readonly code: number };

interface Asked {
  readonly encoded: Encoded;
  readonly labels: Int32Array;
  /** Of each class among `rows`. */
  readonly counts: Float64Array;
  readonly rows: Int32Array;
  readonly orders: readonly Int32Array[];
  readonly minLeaf: number;
}

interface Found {
  /** The higher, the purer: the sum over both sides of (squared class counts) / rows. */
  readonly purity: number;
  readonly split: Split;
}

/** Numbers closer than this count as one: no question tells them apart. */
const leastGap = 1e-7;

/** The split that leaves both sides purest, the first of equal ones; null when none leaves `minLeaf` rows on either side. */
export function bestSplit(asked: Asked): Split | null {
  let best: Found | null = null;
  for (let at = 0; at < asked.encoded.numberWidth; at++) best = better(best, bestLimit(asked, at));
  for (let at = 0; at < asked.encoded.codeWidth; at++) best = better(best, bestCategory(asked, at));
  return best?.split ?? null;
}

const better = (best: Found | null, found: Found | null) =>
  found !== null && (best === null || found.purity > best.purity) ? found : best;

function bestLimit({ encoded: { numbers, numberWidth }, labels, counts, orders, minLeaf }: Asked, at: number): Found | null {
  const order = orders[at]!;
  const right = counts.slice();
  const left = new Float64Array(counts.length);
  let leftSquares = 0;
  let rightSquares = counts.reduce((sum, count) => sum + count * count, 0);
  let best: Found | null = null;
  for (let place = 0; place < order.length - minLeaf; place++) {
    const label = labels[order[place]!]!;
    // (n + 1)² - n² and (n - 1)² - n², in whole numbers: nothing is lost.
    leftSquares += 2 * left[label]! + 1;
    rightSquares -= 2 * right[label]! - 1;
    left[label]! += 1;
    right[label]! -= 1;
    if (place + 1 < minLeaf) continue;
    const here = numbers[order[place]! * numberWidth + at]!;
    const next = numbers[order[place + 1]! * numberWidth + at]!;
    if (next <= here + leastGap) continue;
    const purity = leftSquares / (place + 1) + rightSquares / (order.length - place - 1);
    if (best === null || purity > best.purity) best = { purity, split: { kind: "number", at, limit: between(here, next) } };
  }
  return best;
}

function between(here: number, next: number): number {
  const middle = here / 2 + next / 2;
  return middle < next ? middle : here;
}

function bestCategory({ encoded: { codes, codeWidth }, labels, counts, rows, minLeaf }: Asked, at: number): Found | null {
  const classes = counts.length;
  let most = 0;
  for (const row of rows) most = Math.max(most, codes[row * codeWidth + at]! + 1);
  const table = new Float64Array(most * classes);
  for (const row of rows) {
    const code = codes[row * codeWidth + at]!;
    if (code >= 0) table[code * classes + labels[row]!]! += 1;
  }
  let best: Found | null = null;
  for (let code = 0; code < most; code++) {
    let [n, yes, no] = [0, 0, 0];
    for (let label = 0; label < classes; label++) {
      const count = table[code * classes + label]!;
      n += count;
      yes += count * count;
      no += (counts[label]! - count) ** 2;
    }
    if (n < minLeaf || rows.length - n < minLeaf || n === 0 || n === rows.length) continue;
    const purity = yes / n + no / (rows.length - n);
    if (best === null || purity > best.purity) best = { purity, split: { kind: "category", at, code } };
  }
  return best;
}
