import type { Encoded } from "./encoder.ts";

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

/** How many of the four bytes of a word are not zero. */
export function bytesSet(word: number): number {
  // The high bit of each byte: set already, or carried into by the low seven bits.
  const high = (((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word) & 0x80808080;
  return Math.imul(high >>> 7, 0x01010101) >>> 24;
}
