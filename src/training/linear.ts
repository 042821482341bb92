import type { Encoded } from "./encoder.ts";

/** Vectors of weights over the encoded features. */
export interface Linear {
  readonly blocks: Int32Array;
  /** Weights of one vector, the intercept last. */
  readonly size: number;
  readonly vectors: number;
}

/** scores[row, vector] = features of the row * weights of the vector + intercept. */
export function linearScores(
  { rows, numbers, numberWidth, codes, codeWidth }: Encoded,
  weights: Float64Array,
  model: Linear,
  scores: Float64Array,
) {
  const { blocks, size, vectors } = model;
  for (let vector = 0; vector < vectors; vector++) {
    const base = vector * size;
    for (let row = 0; row < rows; row++) {
      let sum = weights[base + size - 1]!;
      for (let at = 0; at < numberWidth; at++) sum += weights[base + at]! * numbers[row * numberWidth + at]!;
      for (let at = 0; at < codeWidth; at++) {
        const code = codes[row * codeWidth + at]!;
        if (code >= 0) sum += weights[base + blocks[at]! + code]!;
      }
      scores[row * vectors + vector] = sum;
    }
  }
}

/** The transposed product: into[vector] += sum over rows of by[row, vector] * features of the row. */
export function addTransposed(
  { rows, numbers, numberWidth, codes, codeWidth }: Encoded,
  by: Float64Array,
  model: Linear,
  into: Float64Array,
) {
  const { blocks, size, vectors } = model;
  for (let vector = 0; vector < vectors; vector++) {
    const base = vector * size;
    for (let row = 0; row < rows; row++) {
      const factor = by[row * vectors + vector]!;
      into[base + size - 1]! += factor;
      for (let at = 0; at < numberWidth; at++) into[base + at]! += factor * numbers[row * numberWidth + at]!;
      for (let at = 0; at < codeWidth; at++) {
        const code = codes[row * codeWidth + at]!;
        if (code >= 0) into[base + blocks[at]! + code]! += factor;
      }
    }
  }
}
