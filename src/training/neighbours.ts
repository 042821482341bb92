import { type Encoded, encodedRows, fitEncoder } from "./encoder.ts";
import { bytesSet, sketches } from "./sketch.ts";
import { type Fitted, labelledRows, mostLikely, type TrainingSet } from "./training.ts";

export interface NeighboursOptions {
  /** Neighbours that vote; 15 unless said, all of training when it has fewer. */
  readonly k?: number;
}

export type NeighboursParameters = { readonly k: number };

/** Queries between two words of progress. */
const batch = 256;

/**
 * The k nearest training rows vote, each with the same weight: Euclidean distance on the encoded features, exactly. Of rows at the same distance the earlier one is nearer;
 * of classes with as many votes the first one is answered.
 */
export function fitNeighbours(training: TrainingSet, { k = 15 }: NeighboursOptions = {}): Fitted<NeighboursParameters> {
  const { rows } = labelledRows(training);
  const encoder = fitEncoder(training.table, training.features, rows);
  const known = encodedRows(encoder.transform(training.table), rows);
  const labels = Int32Array.from(rows, (row) => training.labels[row]!);
  const classes = training.classes.length;
  const near = nearestOf(known, Math.min(k, rows.length));
  return {
    name: "neighbours",
    parameters: { k },
    predict(table, progress) {
      const asked = encoder.transform(table);
      const probabilities = new Float64Array(table.rows * classes);
      for (let row = 0; row < table.rows; row++) {
        if (row % batch === 0) progress?.(row, table.rows, "nearest neighbours");
        const found = near(asked, row);
        for (const neighbour of found) probabilities[row * classes + labels[neighbour]!]! += 1 / found.length;
      }
      return { labels: mostLikely(probabilities, classes), probabilities };
    },
  };
}

/** Finds the `k` known rows nearest to a row; the array that it returns is used again by the next call. */
function nearestOf(known: Encoded, k: number): (asked: Encoded, row: number) => Int32Array {
  const { words, sketch } = sketches(known);
  const { rows, numberWidth, codeWidth } = known;
  const nearest = new Int32Array(k);
  const distances = new Float64Array(k);
  return (asked, row) => {
    const query: Encoded = {
      rows: 1,
      numbers: asked.numbers.subarray(row * numberWidth, (row + 1) * numberWidth),
      numberWidth,
      codes: asked.codes.subarray(row * codeWidth, (row + 1) * codeWidth),
      codeWidth,
    };
    const sketched = sketches(query).sketch;
    distances.fill(Number.POSITIVE_INFINITY);
    for (let other = 0; other < rows; other++) {
      const worst = distances[k - 1]!;
      let differing = 0;
      for (let at = 0, place = other * words; at < words; at++, place++) differing += bytesSet(sketch[place]! ^ sketched[at]!);
      if (2 * differing >= worst) continue;
      const distance = distanceTo(known, other, query, worst);
      if (distance < worst) insert(nearest, distances, other, distance);
    }
    return nearest;
  };
}

/** Squared; exact when it is below `worst`. */
function distanceTo({ numbers, numberWidth, codes, codeWidth }: Encoded, row: number, query: Encoded, worst: number): number {
  // Two categories that differ are two one-hot columns that differ by 1. One unseen in training differs from all alike, which changes no order.
  let distance = 0;
  for (let at = 0, place = row * codeWidth; at < codeWidth; at++, place++) if (codes[place] !== query.codes[at]) distance += 2;
  if (distance >= worst) return distance;
  for (let at = 0, place = row * numberWidth; at < numberWidth; at++, place++) {
    const difference = numbers[place]! - query.numbers[at]!;
    distance += difference * difference;
  }
  return distance;
}

/** Keeps both lists in the order of distances; what is as far as another comes after it. */
function insert(nearest: Int32Array, distances: Float64Array, row: number, distance: number): void {
  let place = distances.length - 1;
  for (; place > 0 && distances[place - 1]! > distance; place--) {
    distances[place] = distances[place - 1]!;
    nearest[place] = nearest[place - 1]!;
  }
  distances[place] = distance;
  nearest[place] = row;
}
