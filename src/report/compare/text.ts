import { amount, amounts, nameOf } from "../numbers.ts";
import { fitted, padded, type TextOptions, terminal, widthOf, wrapped } from "../terminal.ts";
import type { Compared, Comparison, Within } from "./comparison.ts";

/** The columns of a comparison in their order, after the measure of success. */
export const order = [
  "worst-group-error",
  "calibration-error",
  "corruption-loss",
  "membership-leakage",
  "latency-p99",
  "size",
  "memory",
  "time-per-million",
  "cost-per-million",
];

export const captions: Readonly<Record<string, string>> = {
  "worst-group-error": "error of the worst group",
  "calibration-error": "calibration error",
  "corruption-loss": "loss under corruption",
  "membership-leakage": "training rows told apart",
  "latency-p99": "one answer, 99 in 100",
  size: "file",
  memory: "memory in use",
  "time-per-million": "a million answers take",
  "cost-per-million": "a million answers cost",
};

/** The rows of the table: the measure of success, then what some candidate has. */
export const rowsOf = ({ metric, candidates }: Comparison) =>
  [metric, ...order].filter((name) => name !== "" && candidates.some(({ measures }) => measures[name] !== undefined));

const marks: Readonly<Record<Within, string>> = { yes: "✓", no: "✕", open: "?" };
const roles: Readonly<Record<Compared["is"], string>> = { chosen: "chosen", candidate: "candidate", baseline: "trained here" };
const captionWidth = 26;
const cellWidth = 24;

/** One table a dataset: a row for each measure, a column for each model, as many side by side as fit. */
export function renderComparison(comparison: Comparison, options: TextOptions): string {
  const { columns, paint } = terminal(options);
  const many = Math.max(1, Math.floor((columns - captionWidth) / cellWidth));
  const names = rowsOf(comparison);
  const tables = chunks(comparison.candidates, many).flatMap((some) => [
    `${padded("", captionWidth)}${some.map(({ id }) => paint("bold", padded(fitted(id, cellWidth - 2), cellWidth))).join("")}`.trimEnd(),
    `${padded("", captionWidth)}${some.map(({ is }) => paint("dim", padded(roles[is], cellWidth))).join("")}`.trimEnd(),
    ...names.map((name) =>
      `${padded(captions[name] ?? nameOf(name), captionWidth)}${some.map((each) => padded(cellOf(each, name), cellWidth)).join("")}`.trimEnd(),
    ),
    "",
  ]);
  const says = (lines: readonly string[]) =>
    lines.flatMap((line) => wrapped(line, columns - 4).map((part, at) => (at === 0 ? `  ${part}` : `    ${part}`)));
  return [paint("bold", `Models for ${comparison.dataset}`), "", ...tables, ...says(conclusionsOf(comparison)), ""].join("\n");
}

function cellOf({ measures, within, is }: Compared, name: string): string {
  const measure = measures[name];
  if (measure === undefined) return "–";
  const { value, interval } = amounts(measure);
  const mark = is === "baseline" || within[name] === undefined ? "" : ` ${marks[within[name]]}`;
  const whole = `${value}${mark}${interval === null ? "" : ` (${interval.replace(" to ", "–")})`}`;
  return widthOf(whole) < cellWidth ? whole : fitted(`${value}${mark}`, cellWidth - 1);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** What may be said of it, in sentences. */
export function conclusionsOf({ differences, metric, verdict, worstGroup, left, open, candidates }: Comparison): string[] {
  const of = (which: boolean) => differences.filter(({ real }) => real === which);
  const says = ({ candidate, gain }: Comparison["differences"][number]) =>
    `${candidate} ${gain.value < 0 ? "" : "+"}${amount(gain.value, gain.unit)} (${amounts(gain).interval})`;
  const name = nameOf(metric);
  const limits = Object.keys(candidates[0]?.within ?? {});
  return [
    ...(of(true).length > 0
      ? [`Real differences of ${name} to the chosen model (+ is better), all at once: ${of(true).map(says).join(", ")}.`]
      : []),
    ...(of(false).length > 0 ? [`Not told apart from it: ${of(false).map(says).join(", ")}.`] : []),
    limits.length === 0
      ? "No limit is declared that a choice would have to keep."
      : `Of the models, the declared limits leave ${left.length === 0 ? "none" : left.join(", ")}${open.length === 0 ? "" : `; of ${open.join(", ")} it is open`}.`,
    `The choice: ${verdict.verdict}: ${verdict.reason}.${verdict.remedy === null ? "" : ` ${verdict.remedy}`}`,
    ...(worstGroup === null
      ? []
      : [`Its worst group: ${worstGroup.verdict}: ${worstGroup.reason}.${worstGroup.remedy === null ? "" : ` ${worstGroup.remedy}`}`]),
  ];
}
