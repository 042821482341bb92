import type { Random } from "../../../base/index.ts";
import type { Column, Table } from "../../../data/index.ts";
import type { NumberRange, Ranges } from "../ranges.ts";

/** One way of being unlike the training data. */
export interface Unlike {
  readonly name: string;
  /** `rows` such rows with the columns of `ranges`, made from training rows, texts with the same categories; null where no column could be so. */
  make(training: Table, ranges: Ranges, rows: number, random: Random): Table | null;
}

type Cell = (column: Column, range: NumberRange | null, row: number) => number;

/** How far outside a number lies: from one to ten times the width of the range that training saw. */
const farthest = 10;

export const unlikeTables: readonly Unlike[] = [
  {
    name: "each value from another row",
    make: (training, ranges, rows, random) =>
      built(training, ranges, rows, random, (column) => valueAt(column, random.integer(lengthOf(column)))),
  },
  {
    name: "values anywhere in their range",
    make: (training, ranges, rows, random) =>
      built(training, ranges, rows, random, (column, range) => {
        if (column.kind === "text") return random.integer(column.categories.length);
        return range === null ? Number.NaN : range.least + random.uniform() * (range.most - range.least);
      }),
  },
  {
    name: "numbers far outside their range",
    make: (training, ranges, rows, random) =>
      [...ranges.values()].every(({ kind }) => kind === "text")
        ? null
        : built(training, ranges, rows, random, (column, range, row) => {
            if (range === null) return valueAt(column, row);
            const beyond = (1 + (farthest - 1) * random.uniform()) * (range.most - range.least || Math.abs(range.most) || 1);
            return random.uniform() < 0.5 ? range.most + beyond : range.least - beyond;
          }),
  },
];

/** Column by column; `cell` is also told a training row, one for the whole row that is made. A column without a value in training has none here either. */
function built(training: Table, ranges: Ranges, rows: number, random: Random, cell: Cell): Table | null {
  if (ranges.size === 0 || training.rows === 0) return null;
  const origins = Int32Array.from({ length: rows }, () => random.integer(training.rows));
  const columns: Record<string, Column> = Object.create(null);
  for (const [name, column] of Object.entries(training.columns)) {
    const range = ranges.get(name);
    const numbers = range?.kind === "number" ? range : null;
    const values = Float64Array.from(origins, (row) => {
      const value = range === undefined ? Number.NaN : cell(column, numbers, row);
      return numbers?.whole ? Math.round(value) : value;
    });
    columns[name] =
      column.kind === "text"
        ? { ...column, codes: Int32Array.from(values, (code) => (Number.isNaN(code) ? -1 : code)) }
        : { kind: "number", values };
  }
  return { rows, columns };
}

const lengthOf = (column: Column) => (column.kind === "text" ? column.codes : column.values).length;
const valueAt = (column: Column, row: number) => (column.kind === "text" ? column.codes[row]! : column.values[row]!);
