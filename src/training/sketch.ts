import { type Encoded, encodedRows } from "./encoder.ts";

/**
 * The categories of each row as one byte per text column, four to a word: bytes that differ prove that the categories do (more than 255 of one column share bytes, so equal ones
 * prove nothing). Row-major [rows, words].
 */
export function sketches({ rows, codes, codeWidth }: Encoded): { readonly words: number; readonly sketch: Int32Array } {
  const words = Math.ceil(codeWidth / 4);
  const sketch = new Int32Array(rows * words);
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < codeWidth; at++) {
      const code = codes[row * codeWidth + at]!;
      sketch[row * words + (at >> 2)]! |= (code < 0 ? 255 : code % 255) << ((at & 3) * 8);
    }
  }
  return { words, sketch };
}

/** Rows by their categories. */
export interface Alike {
  /** Of each group, as in `sketches`. */
  readonly words: number;
  readonly sketch: Int32Array;
  /** Where each group's rows begin in `members`, and the end of the last. */
  readonly starts: Int32Array;
  /** The rows of the first group, of the second and so on, ascending within each. */
  readonly members: Int32Array;
}

/** Groups rows with exactly the same categories, in the order of their first rows. */
export function alikeRows(encoded: Encoded): Alike {
  const { rows, codes, codeWidth } = encoded;
  const places = new Map<string, number>();
  const groupOf = new Int32Array(rows);
  const firsts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const key = codes.subarray(row * codeWidth, (row + 1) * codeWidth).join();
    const group = places.get(key) ?? firsts.push(row) - 1;
    places.set(key, group);
    groupOf[row] = group;
  }
  const starts = new Int32Array(firsts.length + 1);
  for (const group of groupOf) starts[group + 1]! += 1;
  for (let group = 0; group < firsts.length; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  const members = new Int32Array(rows);
  for (let row = 0; row < rows; row++) members[next[groupOf[row]!]!++] = row;
  return { ...sketches(encodedRows(encoded, Int32Array.from(firsts))), starts, members };
}

/** How many of the four bytes of a word are not zero. */
export function bytesSet(word: number): number {
  // The high bit of each byte: set already, or carried into by the low seven bits.
  const high = (((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word) & 0x80808080;
  return Math.imul(high >>> 7, 0x01010101) >>> 24;
}
