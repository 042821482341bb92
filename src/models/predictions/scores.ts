import { quoted } from "../../base/index.ts";
import type { Table } from "../../data/index.ts";
import { columnOf } from "../columns.ts";
import { listed } from "../labels.ts";
import type { PredictionsBinding } from "../model.ts";
import { type Batch, invalidAnswer, readScores } from "../scores.ts";

type ScoreColumns = NonNullable<PredictionsBinding["scores"]>;

/** The scores that were written down as probabilities, row-major [rows, classes]; null where there are none. */
export function readColumns(table: Table, { scores, classes }: PredictionsBinding): Float64Array | null {
  if (scores === null) return null;
  const { rows } = table;
  const probabilities = new Float64Array(rows * classes.length);
  if (rows === 0) return probabilities;
  const { columns, of, kind } = scores;
  const values = columns.map((name) => numbersOf(table, name));
  if (columns.length > 1) rounded(values, kind);
  refuseMissing(values, scores);
  if (kind === "probabilities") refusePercentages(values, scores);
  readScores(sideBySide(values, rows), probabilities, classes.length, kind, batchOf(scores, rows));
  if (of === 0) exchangePairs(probabilities);
  return probabilities;
}

/** One column of scores is read as the second class's: of the first it stays as it was written, so that a threshold meets it exactly. */
function exchangePairs(probabilities: Float64Array): void {
  for (let at = 0; at < probabilities.length; at += 2) probabilities.subarray(at, at + 2).reverse();
}

const batchOf = (scores: ScoreColumns, rows: number): Batch => ({
  start: 0,
  count: rows,
  where: whereOf(scores),
  asLogits: "`predictions: { kind: logits }`",
});

const whereOf = ({ columns }: ScoreColumns) =>
  columns.length === 1 ? `column ${quoted(columns[0] ?? "", 40)}` : `columns ${listed(columns)}`;

function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.kind === "number") return column.values;
  const row = column.codes.findIndex((code) => code >= 0);
  const text = column.categories[column.codes[row] ?? -1] ?? "";
  throw invalidAnswer(
    `score column ${quoted(name, 40)} holds ${quoted(text, 40)}, which is no number`,
    Math.max(row, 0),
    "Write scores as numbers with a decimal point, or name the column that holds them.",
  );
}

function refuseMissing(values: readonly Float64Array[], { columns }: ScoreColumns): void {
  for (const [at, each] of values.entries()) {
    const row = each.findIndex(Number.isNaN);
    if (row < 0) continue;
    throw invalidAnswer(
      `score column ${quoted(columns[at] ?? "", 40)} is empty`,
      row,
      "Write the score of every row, or leave rows without an answer out of the split.",
    );
  }
}

/** From 0 to 100, and most of them beyond 1: no logits, which would have a sign, and no slip of the pen in one row. */
function refusePercentages(values: readonly Float64Array[], { columns }: ScoreColumns): void {
  for (const [at, each] of values.entries()) {
    const row = each.findIndex((value) => value > 2);
    if (row < 0 || each.filter((value) => value > 1).length * 2 < each.length || !each.every((value) => value >= 0 && value <= 100))
      continue;
    throw invalidAnswer(
      `score column ${quoted(columns[at] ?? "", 40)} holds ${each[row]}, as if it were a percentage`,
      row,
      "Write probabilities from 0 to 1; if these are logits or margins, say `predictions: { kind: logits }`.",
    );
  }
}

/** Numbers written with two decimals, as people do, are this far off. */
const halfOfLastDigit = 0.005;

/** Rows of probabilities that rounding alone keeps from summing to one are brought to it. */
function rounded(values: Float64Array[], kind: ScoreColumns["kind"]): void {
  if (kind !== "probabilities") return;
  const sums = values.reduce((sums, each) => sums.map((sum, row) => sum + each[row]!), new Float64Array(values[0]?.length ?? 0));
  const mends = (sum: number) => sum !== 1 && Math.abs(sum - 1) <= halfOfLastDigit * values.length + Number.EPSILON * 8;
  if (!sums.some(mends)) return;
  for (const [at, each] of values.entries()) values[at] = each.map((value, row) => (mends(sums[row]!) ? value / sums[row]! : value));
}

function sideBySide(columns: readonly Float64Array[], rows: number): Float64Array {
  if (columns.length === 1) return columns[0]!;
  const width = columns.length;
  const made = new Float64Array(rows * width);
  for (const [at, values] of columns.entries()) for (let row = 0; row < rows; row++) made[row * width + at] = values[row]!;
  return made;
}
