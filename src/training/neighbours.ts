import { type Encoded, encodedRows, fitEncoder } from "./encoder.ts";
import { alikeRows, bytesSet, sketches } from "./sketch.ts";
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

/**
 * Finds the `k` known rows nearest to a row; the array that it returns is used again by the next call. Rows of the same categories are looked at together, those that share most with
 * the query first: once as many categories differ as the furthest neighbour allows, nothing beyond can be nearer.
 */
function nearestOf(known: Encoded, k: number): (asked: Encoded, row: number) => Int32Array {
  const { words, sketch, starts, members } = alikeRows(known);
  const groups = starts.length - 1;
  const differing = new Uint16Array(groups);
  const order = new Int32Array(groups);
  const ends = new Int32Array(words * 4 + 1);
  const nearest = new Int32Array(k);
  const distances = new Float64Array(k);
  return (asked, row) => {
    const query = encodedRow(asked, row);
    const sketched = sketches(query).sketch;
    ends.fill(0);
    for (let group = 0; group < groups; group++) {
      let bytes = 0;
      for (let at = 0, place = group * words; at < words; at++, place++) bytes += bytesSet(sketch[place]! ^ sketched[at]!);
      differing[group] = bytes;
      ends[bytes]! += 1;
    }
    for (let bytes = 1; bytes < ends.length; bytes++) ends[bytes]! += ends[bytes - 1]!;
    for (let group = groups - 1; group >= 0; group--) order[--ends[differing[group]!]!] = group;
    distances.fill(Number.POSITIVE_INFINITY);
    nearest.fill(-1);
    for (const group of order) {
      if (2 * differing[group]! > distances[k - 1]!) break;
      const [from, to] = [starts[group]!, starts[group + 1]!];
      const least = categoriesApart(known, members[from]!, query);
      for (let at = from; at < to && least <= distances[k - 1]!; at++) {
        const other = members[at]!;
        const distance = withNumbers(least, known, other, query);
        if (isBefore(distance, other, distances[k - 1]!, nearest[k - 1]!)) insert(nearest, distances, other, distance);
      }
    }
    return nearest;
  };
}

const encodedRow = ({ numbers, numberWidth, codes, codeWidth }: Encoded, row: number): Encoded => ({
  rows: 1,
  numbers: numbers.subarray(row * numberWidth, (row + 1) * numberWidth),
  numberWidth,
  codes: codes.subarray(row * codeWidth, (row + 1) * codeWidth),
  codeWidth,
});

/** Squared. Two categories that differ are two one-hot columns that differ by 1. One unseen in training differs from all alike, which changes no order. */
function categoriesApart({ codes, codeWidth }: Encoded, row: number, query: Encoded): number {
  let distance = 0;
  for (let at = 0, place = row * codeWidth; at < codeWidth; at++, place++) if (codes[place] !== query.codes[at]) distance += 2;
  return distance;
}

/** Squared, with the numbers' part added. */
function withNumbers(categories: number, { numbers, numberWidth }: Encoded, row: number, query: Encoded): number {
  let distance = categories;
  for (let at = 0, place = row * numberWidth; at < numberWidth; at++, place++) {
    const difference = numbers[place]! - query.numbers[at]!;
    distance += difference * difference;
  }
  return distance;
}

/** Of rows as far away the earlier one is nearer. */
const isBefore = (distance: number, row: number, otherDistance: number, other: number) =>
  distance < otherDistance || (distance === otherDistance && row < other);

/** Keeps both lists in order. */
function insert(nearest: Int32Array, distances: Float64Array, row: number, distance: number): void {
  let place = distances.length - 1;
  for (; place > 0 && isBefore(distance, row, distances[place - 1]!, nearest[place - 1]!); place--) {
    distances[place] = distances[place - 1]!;
    nearest[place] = nearest[place - 1]!;
  }
  distances[place] = distance;
  nearest[place] = row;
}
