import type { Column, NumberColumn, Table, TextColumn } from "../data/index.ts";

/**
 * A table as numbers, in a compact form: `numbers` row-major [rows, numberWidth]; `codes` row-major [rows, codeWidth], each the index of a one-hot column within its block, -1
 * where the category was not seen in training (all zeros).
 */
export interface Encoded {
  readonly rows: number;
  readonly numbers: Float64Array;
  readonly numberWidth: number;
  readonly codes: Int32Array;
  readonly codeWidth: number;
}

export interface Encoder {
  /** Of the dense columns: numbers and their missing-indicators first, then a block of one-hot columns per text column. */
  readonly names: readonly string[];
  readonly numberWidth: number;
  /** Where each block of one-hot columns begins. */
  readonly blocks: Int32Array;
  transform(table: Table): Encoded;
}

interface NumberFeature {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
  /** Training had rows without a value: a column of its own says where. */
  readonly indicator: boolean;
}

interface TextFeature {
  readonly name: string;
  /** Index of the one-hot column by category; null is the missing value, where training had any. */
  readonly codes: ReadonlyMap<string | null, number>;
}

/**
 * Learns how to turn columns into numbers. Numbers are standardised by the mean and the population's standard deviation of the values present in training; a missing one
 * becomes the mean, and where training had any, an indicator column says so; an infinite one becomes the largest or smallest finite one of training. Texts become one column
 * per category seen in training, the missing value being one. `rows` are the training rows.
 */
export function fitEncoder(table: Table, features: readonly string[], rows: Int32Array = allRows(table)): Encoder {
  const numbers: NumberFeature[] = [];
  const texts: TextFeature[] = [];
  for (const name of features) {
    const column = columnOf(table, name);
    if (column.kind === "number") numbers.push(numberFeature(name, column, rows));
    else texts.push(textFeature(name, column, rows));
  }
  const numberNames = numbers.flatMap(({ name, indicator }) => (indicator ? [name, `${name} is missing`] : [name]));
  const blocks = new Int32Array(texts.length);
  for (let at = 1; at < texts.length; at++) blocks[at] = blocks[at - 1]! + texts[at - 1]!.codes.size;
  const start = numberNames.length;
  const textNames = texts.flatMap(({ name, codes }) => [...codes.keys()].map((category) => `${name} = ${category ?? "(missing)"}`));
  return {
    names: [...numberNames, ...textNames],
    numberWidth: start,
    blocks: blocks.map((block) => start + block),
    transform: (given) => ({
      rows: given.rows,
      numbers: encodeNumbers(given, numbers, start),
      numberWidth: start,
      codes: encodeTexts(given, texts),
      codeWidth: texts.length,
    }),
  };
}

/** The dense form, row-major [rows, names.length]. */
export function dense({ names, numberWidth, blocks }: Encoder, { rows, numbers, codes, codeWidth }: Encoded): Float64Array {
  const values = new Float64Array(rows * names.length);
  for (let row = 0; row < rows; row++) {
    values.set(numbers.subarray(row * numberWidth, (row + 1) * numberWidth), row * names.length);
    for (let at = 0; at < codeWidth; at++) {
      const code = codes[row * codeWidth + at]!;
      if (code >= 0) values[row * names.length + blocks[at]! + code] = 1;
    }
  }
  return values;
}

const allRows = ({ rows }: Table) => Int32Array.from({ length: rows }, (_, row) => row);

function columnOf({ columns }: Table, name: string): Column {
  const column = columns[name];
  if (column === undefined) throw new Error(`the table given to a baseline lacks column ${JSON.stringify(name)}`);
  return column;
}

function numberFeature(name: string, { values }: NumberColumn, rows: Int32Array): NumberFeature {
  let [present, finite] = [0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    present++;
    if (!Number.isFinite(value)) continue;
    finite++;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const indicator = rows.length > present;
  if (finite === 0) return { name, mean: 0, deviation: 1, least: 0, most: 0, indicator };
  // A constant column is left at zero; its rounding errors are no spread.
  if (least === most) return { name, mean: least, deviation: 1, least, most, indicator };
  // By way of a scale, so that the squares of huge numbers do not overflow.
  const scale = Math.max(Math.abs(least), Math.abs(most));
  const meanOf = (of: (scaled: number) => number) => {
    let sum = 0;
    for (const row of rows) {
      const value = values[row]!;
      if (!Number.isNaN(value)) sum += of(Math.min(most, Math.max(least, value)) / scale);
    }
    return sum / present;
  };
  const mean = meanOf((scaled) => scaled);
  const variance = meanOf((scaled) => (scaled - mean) ** 2);
  return { name, mean: mean * scale, deviation: variance === 0 ? 1 : Math.sqrt(variance) * scale, least, most, indicator };
}

function textFeature(name: string, { codes, categories }: TextColumn, rows: Int32Array): TextFeature {
  const seen = new Uint8Array(categories.length);
  let missing = false;
  for (const row of rows) {
    const code = codes[row]!;
    if (code < 0) missing = true;
    else seen[code] = 1;
  }
  const present = categories.filter((_, code) => seen[code] === 1);
  const all: (string | null)[] = missing ? [...present, null] : present;
  return { name, codes: new Map(all.map((category, code) => [category, code])) };
}

/** In standard deviations of training: numbers beyond stop here, so that no sum or square overflows. */
const furthest = 1e9;

function encodeNumbers(table: Table, features: readonly NumberFeature[], width: number): Float64Array {
  const encoded = new Float64Array(table.rows * width);
  let at = 0;
  for (const { name, mean, deviation, least, most, indicator } of features) {
    const column = columnOf(table, name);
    if (column.kind !== "number") throw new Error(`column ${JSON.stringify(name)} was a number in training`);
    for (let row = 0; row < table.rows; row++) {
      const value = column.values[row]!;
      const missing = Number.isNaN(value);
      const bounded = Number.isFinite(value) ? value : value > 0 ? most : least;
      encoded[row * width + at] = missing ? 0 : Math.min(furthest, Math.max(-furthest, (bounded - mean) / deviation));
      if (indicator && missing) encoded[row * width + at + 1] = 1;
    }
    at += indicator ? 2 : 1;
  }
  return encoded;
}

function encodeTexts(table: Table, features: readonly TextFeature[]): Int32Array {
  const encoded = new Int32Array(table.rows * features.length);
  for (const [at, { name, codes }] of features.entries()) {
    const column = columnOf(table, name);
    if (column.kind !== "text") throw new Error(`column ${JSON.stringify(name)} was text in training`);
    const byCode = Int32Array.from(column.categories, (category) => codes.get(category) ?? -1);
    const missing = codes.get(null) ?? -1;
    for (let row = 0; row < table.rows; row++) {
      const code = column.codes[row]!;
      encoded[row * features.length + at] = code < 0 ? missing : byCode[code]!;
    }
  }
  return encoded;
}

/** The given rows alone. */
export function encodedRows({ numbers, numberWidth, codes, codeWidth }: Encoded, rows: Int32Array): Encoded {
  const picked = {
    rows: rows.length,
    numbers: new Float64Array(rows.length * numberWidth),
    numberWidth,
    codes: new Int32Array(rows.length * codeWidth),
    codeWidth,
  };
  for (const [at, row] of rows.entries()) {
    picked.numbers.set(numbers.subarray(row * numberWidth, (row + 1) * numberWidth), at * numberWidth);
    picked.codes.set(codes.subarray(row * codeWidth, (row + 1) * codeWidth), at * codeWidth);
  }
  return picked;
}
