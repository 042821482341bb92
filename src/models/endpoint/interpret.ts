import { quoted } from "../../base/index.ts";
import { largest } from "../answers.ts";
import { classIndex, listed } from "../labels.ts";
import type { Answers } from "../model.ts";
import { invalidAnswer, readScores } from "../scores.ts";
import type { EndpointBinding } from "./binding.ts";
import type { Raw } from "./ledger.ts";
import type { Outputs } from "./protocols/protocol.ts";
import { described, isObject } from "./protocols/shapes.ts";

type Reading = Pick<EndpointBinding, "labelOutput" | "scoreOutput">;

/** What is kept of each row's answer. Throws MODEL_ANSWERS_INVALID where an output is missing or holds something else. */
export function rawOf(outputs: Outputs, rows: number, { labelOutput, scoreOutput }: Reading): Raw[] {
  const labels = labelOutput === null ? null : columnOf(outputs, labelOutput);
  const scores = scoreOutput === null ? null : columnOf(outputs, scoreOutput);
  return Array.from({ length: rows }, (_, row) => ({
    label: labels === null ? null : labelOf(labels[row], labelOutput ?? "", row),
    scores: scores === null ? null : scoresOf(scores[row], scoreOutput ?? "", row),
  }));
}

function columnOf(outputs: Outputs, name: string): readonly unknown[] {
  if (Object.hasOwn(outputs, name)) return outputs[name] ?? [];
  throw invalidAnswer(
    `the endpoint's answer has no output ${quoted(name)}`,
    0,
    `It has ${listed(Object.keys(outputs))}: name one under \`output\`.`,
  );
}

function labelOf(value: unknown, name: string, row: number): Raw["label"] {
  const alone = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
  if (typeof alone === "string" || typeof alone === "number" || typeof alone === "boolean") return alone;
  throw invalidAnswer(
    `output ${quoted(name)} of the endpoint holds ${described(alone)} where a label was expected`,
    row,
    "Name the output that holds labels: `output: { labels: ... }`.",
  );
}

function scoresOf(value: unknown, name: string, row: number): Raw["scores"] {
  if (typeof value === "number") return [value];
  if (Array.isArray(value) ? areNumbers(value) : isObject(value) && areNumbers(Object.values(value as object)))
    return value as readonly number[] | { readonly [name: string]: number };
  throw invalidAnswer(
    `output ${quoted(name)} of the endpoint holds ${described(value)} where scores were expected`,
    row,
    "Name the output that holds a number for each class: `output: { scores: ... }`.",
  );
}

function areNumbers(values: readonly unknown[]): boolean {
  for (const each of values) if (typeof each !== "number") return false;
  return true;
}

/** Turns kept answers into labels and probabilities, checking each. */
export interface Interpreter {
  /** `shownRow` is the row that a problem names. */
  put(row: number, raw: Raw, shownRow: number): void;
  readonly answers: Answers;
}

type Meaning = Pick<EndpointBinding, "classes" | "answers" | "scores" | "labelOutput" | "scoreOutput">;

export function openInterpreter(rows: number, { classes, answers: names, scores: kind, labelOutput, scoreOutput }: Meaning): Interpreter {
  const k = classes.length;
  const labels = new Int32Array(rows);
  const probabilities = scoreOutput === null ? null : new Float64Array(rows * k);
  const indexOf = classIndex(names);
  const single = new Float64Array(1);
  const several = new Float64Array(k);
  const read = new Float64Array(k);
  const batch = { start: 0, count: 1, where: "the scores that the endpoint answers", asLogits: "`output: { kind: logits }`" };
  const inOrder = (raw: NonNullable<Raw["scores"]>, row: number): Float64Array => {
    if (Array.isArray(raw)) {
      if (raw.length !== k && raw.length !== 1) return Float64Array.from(raw as readonly number[]);
      const into = raw.length === k ? several : single;
      for (let at = 0; at < raw.length; at++) into[at] = raw[at] as number;
      return into;
    }
    const named = Object.entries(raw as { readonly [name: string]: number });
    several.fill(Number.NaN);
    for (const [name, score] of named) {
      const index = indexOf(name);
      if (index === undefined) throw unknownClass(name, row, names);
      several[index] = score;
    }
    if (named.length === k) return several;
    throw invalidAnswer(
      `the endpoint gives scores of ${named.length} classes; ${k} are named`,
      row,
      "Name all its `classes`, as it answers them.",
    );
  };
  return {
    answers: { rows, classes, labels, probabilities },
    put(row, raw, shownRow) {
      if (probabilities !== null) {
        if (raw.scores === null) throw invalidAnswer("the endpoint answers no scores", shownRow, "Leave `output: { scores: ... }` out.");
        batch.start = shownRow;
        readScores(inOrder(raw.scores, shownRow), read, k, kind, batch);
        probabilities.set(read, row * k);
      }
      if (labelOutput === null) {
        if (probabilities !== null) largest(probabilities, k, labels, row, 1);
        return;
      }
      const index = indexOf(String(raw.label));
      if (index === undefined) throw unknownClass(String(raw.label), shownRow, names);
      labels[row] = index;
    },
  };
}

const unknownClass = (name: string, row: number, names: readonly string[]) =>
  invalidAnswer(
    `the endpoint answers ${listed([name])}, which is none of the model's classes (${listed(names)})`,
    row,
    "Name all its `classes`, as it answers them.",
  );
