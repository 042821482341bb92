import { quoted } from "../../base/index.ts";
import type { Column, Table } from "../../data/index.ts";
import { largest } from "../answers.ts";
import { columnOf } from "../columns.ts";
import { classIndex, listed } from "../labels.ts";
import type { PredictionsBinding } from "../model.ts";
import { invalidAnswer } from "../scores.ts";

/** The answer of each row as an index of its class: as written, else by the threshold, else the class of the higher score. */
export function readLabels(table: Table, binding: PredictionsBinding, probabilities: Float64Array | null): Int32Array {
  const { label, classes } = binding;
  if (label !== null) {
    const labels = written(table, label, binding);
    if (probabilities !== null && classes.length === 2) refuseTurned(labels, probabilities, binding);
    return labels;
  }
  if (probabilities === null) throw new Error("predictions have neither a label nor scores");
  return fromScores(probabilities, table.rows, binding);
}

function fromScores(probabilities: Float64Array, rows: number, { classes, threshold, scores }: PredictionsBinding): Int32Array {
  const labels = new Int32Array(rows);
  const k = classes.length;
  if (threshold === null) largest(probabilities, k, labels, 0, rows);
  else {
    const of = scores?.of ?? 1;
    for (let row = 0; row < rows; row++) labels[row] = probabilities[row * k + of]! >= threshold ? of : 1 - of;
  }
  return labels;
}

function written(table: Table, name: string, { answers, classes }: PredictionsBinding): Int32Array {
  const column = columnOf(table, name);
  const indexOf = classIndex(answers);
  const labels = column.kind === "text" ? ofTexts(column, indexOf) : ofNumbers(column.values, indexOf);
  const row = labels.indexOf(-1);
  if (row < 0) return labels;
  const value = column.kind === "text" ? column.categories[column.codes[row] ?? -1] : column.values[row];
  const isEmpty = value === undefined || Number.isNaN(value);
  throw invalidAnswer(
    isEmpty
      ? `column ${quoted(name, 40)} holds no answer`
      : `column ${quoted(name, 40)} answers ${quoted(String(value), 40)}, which is none of the classes (${listed(classes)})`,
    row,
    isEmpty
      ? "Write the answer of every row, or leave rows without one out of the split."
      : "Correct the answer, or name all `classes` of the model as the label column writes them.",
  );
}

type IndexOf = (text: string) => number | undefined;

function ofTexts({ codes, categories }: Extract<Column, { kind: "text" }>, indexOf: IndexOf): Int32Array {
  const byCode = categories.map((text) => indexOf(text) ?? -1);
  return codes.map((code) => byCode[code] ?? -1);
}

function ofNumbers(values: Float64Array, indexOf: IndexOf): Int32Array {
  const known = new Map<number, number>();
  return Int32Array.from(values, (value) => {
    const found = known.get(value) ?? indexOf(String(value)) ?? -1;
    if (known.size < 100_000) known.set(value, found);
    return found;
  });
}

/** Whatever its threshold, a model answers a class where its score is higher: lower scores there speak of the other class. */
function refuseTurned(labels: Int32Array, probabilities: Float64Array, { label, scores, classes }: PredictionsBinding): void {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const [row, answer] of labels.entries()) {
    sums[answer]! += probabilities[2 * row + 1]!;
    counts[answer]! += 1;
  }
  if (counts.includes(0) || sums[1]! / counts[1]! >= sums[0]! / counts[0]!) return;
  const [column = ""] = scores?.columns ?? [];
  const row = labels.findIndex((answer, at) => answer === 1 && probabilities[2 * at + 1]! < 0.5);
  const other = classes[scores?.of === 0 ? 1 : 0] ?? "";
  throw invalidAnswer(
    `where column ${quoted(label ?? "", 40)} answers ${quoted(classes[1] ?? "", 40)}, the scores for it are lower than elsewhere: they seem to speak of the other class`,
    Math.max(row, 0),
    scores?.of === null
      ? "Check which class each column of scores speaks of."
      : `Say which class it speaks of: \`scores: { ${JSON.stringify(other)}: ${JSON.stringify(column)} }\`.`,
  );
}
