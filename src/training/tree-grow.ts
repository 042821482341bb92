import type { Encoded } from "./encoder.ts";
import { bestSplit, type Split } from "./tree-split.ts";

/** `yes`: above the limit, or of that category. */
export type Node =
  | { readonly kind: "leaf"; readonly shares: Float64Array }
  | { readonly kind: "number"; readonly at: number; readonly limit: number; readonly yes: Node; readonly no: Node }
  | { readonly kind: "category"; readonly at: number; readonly code: number; readonly yes: Node; readonly no: Node };

export interface Grown {
  readonly root: Node;
  readonly leaves: number;
}

/** Rows that reach a node: once in the table's order, and once per number column in its ascending order, so that nothing is sorted twice. */
interface Reached {
  readonly rows: Int32Array;
  readonly orders: readonly Int32Array[];
}

export interface Bounds {
  readonly maxDepth: number;
  readonly minLeaf: number;
}

export function grow(encoded: Encoded, labels: Int32Array, classes: number, { maxDepth, minLeaf }: Bounds): Grown {
  const { numbers, numberWidth, codes, codeWidth } = encoded;
  const saysYes = new Uint8Array(encoded.rows);
  const aside = new Int32Array(encoded.rows);
  let leaves = 0;

  const leaf = (counts: Float64Array, n: number): Node => {
    leaves++;
    return { kind: "leaf", shares: counts.map((count) => count / n) };
  };
  const node = ({ rows, orders }: Reached, depth: number): Node => {
    const counts = new Float64Array(classes);
    for (const row of rows) counts[labels[row]!]! += 1;
    const pure = counts.some((count) => count === rows.length);
    const split = pure || depth === maxDepth ? null : bestSplit({ encoded, labels, counts, rows, orders, minLeaf });
    if (split === null) return leaf(counts, rows.length);
    for (const row of rows) saysYes[row] = answers(split, row) ? 1 : 0;
    let noes = 0;
    for (const each of [rows, ...orders]) noes = noesFirst(each);
    const no = node({ rows: rows.subarray(0, noes), orders: orders.map((order) => order.subarray(0, noes)) }, depth + 1);
    return { ...split, no, yes: node({ rows: rows.subarray(noes), orders: orders.map((order) => order.subarray(noes)) }, depth + 1) };
  };
  /** Parts the rows in place, each side in the order that it had; returns how many say no. */
  const noesFirst = (order: Int32Array): number => {
    let [noes, yeses] = [0, 0];
    for (let at = 0; at < order.length; at++) {
      const row = order[at]!;
      if (saysYes[row]) aside[yeses++] = row;
      else order[noes++] = row;
    }
    order.set(aside.subarray(0, yeses), noes);
    return noes;
  };
  const answers = (split: Split, row: number) =>
    split.kind === "number" ? numbers[row * numberWidth + split.at]! > split.limit : codes[row * codeWidth + split.at] === split.code;

  const rows = Int32Array.from({ length: encoded.rows }, (_, row) => row);
  const orders = Array.from({ length: numberWidth }, (_, at) =>
    rows.toSorted((a, b) => numbers[a * numberWidth + at]! - numbers[b * numberWidth + at]! || a - b),
  );
  return { root: node({ rows, orders }, 0), leaves };
}
