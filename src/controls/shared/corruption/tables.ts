import type { Random } from "../../../base/index.ts";
import type { Column, NumberColumn, Table, TextColumn } from "../../../data/index.ts";
import { type NumberRange, type Ranges, type TextRange, withColumns, withTexts } from "../ranges.ts";

/** One way in which a table's values go wrong on their way to the model, in five steps. */
export interface Corruption {
  readonly name: string;
  /** What the five amounts are, in words that follow a number. */
  readonly of: string;
  readonly amounts: readonly [number, number, number, number, number];
  /** A changed copy; null where the table has no column that this could happen to. */
  apply(table: Table, ranges: Ranges, amount: number, random: Random): Table | null;
}

/** From pounds to kilograms, from one step of ten or of a thousand to the next, both ways. */
const factors = [10, 0.1, 1000, 0.001, 2.204_622_62, 0.453_592_37];

/** Of rows, or of values. The middle step reaches twice as many rows as may turn wrong by the limit of weak-algorithm/corruption: of a twentieth of the rows no model could break it. */
const shares = [0.02, 0.05, 0.1, 0.2, 0.4] as const;

export const tableCorruptions: readonly Corruption[] = [
  {
    name: "missing values",
    of: "of all values are missing",
    amounts: shares,
    apply(table, ranges, amount, random) {
      const gone = () => random.uniform() < amount;
      return changed(table, ranges, {
        number: (value) => (gone() ? Number.NaN : value),
        text: (code) => (gone() ? -1 : code),
      });
    },
  },
  {
    name: "noise",
    of: "standard deviations of noise on each number",
    amounts: [0.02, 0.05, 0.1, 0.2, 0.5],
    apply: (table, ranges, amount, random) =>
      changed(table, ranges, {
        number: (value, { deviation, least, most }) => {
          const noisy = value + amount * deviation * random.normal();
          // Noise does not carry a value out of the range that training saw, nor back into it.
          return Math.min(Math.max(most, value), Math.max(Math.min(least, value), noisy));
        },
      }),
  },
  {
    name: "swapped units",
    of: "of rows have one number in another unit",
    amounts: shares,
    apply: (table, ranges, amount, random) =>
      oneNumberPerRow(table, ranges, amount, random, (value) => value * (factors[random.integer(factors.length)] ?? 1)),
  },
  {
    name: "values at the end of their range",
    of: "of rows have one number at the least or the most that training saw",
    amounts: shares,
    apply: (table, ranges, amount, random) =>
      oneNumberPerRow(table, ranges, amount, random, (_, { least, most }) => (random.uniform() < 0.5 ? least : most)),
  },
  {
    name: "coarse rounding",
    of: "standard deviations between the numbers that are left",
    amounts: [0.1, 0.2, 0.5, 1, 2],
    apply: (table, ranges, amount) =>
      changed(table, ranges, {
        number: (value, { deviation }) => (deviation > 0 ? Math.round(value / (amount * deviation)) * amount * deviation : value),
      }),
  },
  {
    name: "swapped categories",
    of: "of rows have one text exchanged for another that training saw",
    amounts: shares,
    apply: oneTextPerRow,
  },
];

interface Change {
  readonly number?: (value: number, range: NumberRange) => number;
  readonly text?: (code: number) => number;
}

/** Value by value; missing and infinite numbers stay. */
function changed(table: Table, ranges: Ranges, { number, text }: Change): Table | null {
  const columns: Record<string, Column> = Object.create(null);
  for (const [name, range] of ranges) {
    const column = table.columns[name];
    if (column?.kind === "number" && range.kind === "number" && number !== undefined) columns[name] = numbers(column, range, number);
    if (column?.kind === "text" && text !== undefined) columns[name] = { ...column, codes: column.codes.map(text) };
  }
  return Object.keys(columns).length === 0 ? null : withColumns(table, columns);
}

const numbers = ({ values }: NumberColumn, range: NumberRange, change: (value: number, range: NumberRange) => number): NumberColumn => ({
  kind: "number",
  values: values.map((value) => (Number.isFinite(value) ? wholeIf(range, change(value, range)) : value)),
});

/** A column of whole numbers stays one: a count has no fraction, whatever went wrong. */
const wholeIf = ({ whole }: NumberRange, value: number) => (whole ? Math.round(value) : value);

/** In a share of the rows, one of the columns of numbers, each as likely as the others. */
function oneNumberPerRow(
  table: Table,
  ranges: Ranges,
  share: number,
  random: Random,
  change: (value: number, range: NumberRange) => number,
): Table | null {
  const own = [...ranges].flatMap(([name, range]) => {
    const column = table.columns[name];
    return range.kind === "number" && column?.kind === "number" ? [{ name, range, values: column.values.slice() }] : [];
  });
  if (own.length === 0) return null;
  for (let row = 0; row < table.rows; row++) {
    // As many draws for each row, whatever the share: more of them are changed, and the others as before.
    const isChosen = random.uniform() < share;
    const { range, values } = own[random.integer(own.length)]!;
    const other = change(values[row]!, range);
    if (isChosen && Number.isFinite(values[row])) values[row] = wholeIf(range, other);
  }
  return withColumns(table, Object.fromEntries(own.map(({ name, values }) => [name, { kind: "number", values }])));
}

/** In a share of the rows, one of the columns of texts with two or more. */
function oneTextPerRow(table: Table, ranges: Ranges, share: number, random: Random): Table | null {
  const own = [...ranges].flatMap(([name, range]) => {
    const column = table.columns[name];
    return range.kind === "text" && range.texts.length > 1 && column?.kind === "text" ? [exchangeable(name, range, column)] : [];
  });
  if (own.length === 0) return null;
  for (let row = 0; row < table.rows; row++) {
    const isChosen = random.uniform() < share;
    const { codes, others } = own[random.integer(own.length)]!;
    const left = others.filter((code) => code !== codes[row]);
    const other = left[random.integer(left.length)]!;
    if (isChosen && codes[row]! >= 0) codes[row] = other;
  }
  return withColumns(table, Object.fromEntries(own.map(({ name, categories, codes }) => [name, { kind: "text", categories, codes }])));
}

function exchangeable(name: string, { texts }: TextRange, column: TextColumn) {
  const { codes, categories, codeOf } = withTexts(column, texts);
  return { name, codes, categories, others: texts.map((text) => codeOf.get(text) ?? -1) };
}
