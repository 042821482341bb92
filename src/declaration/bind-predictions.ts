import { nearest, Problem, quoted } from "../base/index.ts";
import { classIndex, type PredictionsBinding } from "../models/index.ts";
import { answersOf, classesOf } from "./classes-predictions.ts";
import { columnOf, type Found, type Looked, listed } from "./found.ts";
import type { Resolving } from "./inspect.ts";
import { type Answered, type AnswerFiles, answerColumns, type PredictionsDeclaration } from "./resolve-predictions.ts";
import type { ModelDeclaration } from "./schema.ts";
import type { Path } from "./yaml.ts";

type Declared = ModelDeclaration & { readonly predictions: PredictionsDeclaration };

/** Which columns answer a dataset's rows, and what they mean; null after the problems of what does not fit. `path` is that of `predictions`. */
export function bindPredictions(
  declared: Declared,
  looked: Looked,
  beside: AnswerFiles | null,
  path: Path,
  { read, problems }: Resolving,
): PredictionsBinding | null {
  const { predictions } = declared;
  const { label } = looked.dataset.declared;
  if (label === undefined) return null;
  const before = problems.length;
  const answered = beside?.answered ?? answeredSplits(looked.found, answerColumns(predictions));
  const place = (...inside: Path) => read.place([...path, ...inside]);
  problems.push(...checkColumns(predictions, answered.length > 0 ? answered : looked.found.slice(-1).map(asAnswered), place));
  problems.push(...checkNotTruth(predictions, beside === null ? label : null, place), ...checkKey(predictions, looked, answered, place));
  const classes = classesOf(declared, looked, read.place);
  if (classes instanceof Problem) problems.push(classes);
  else {
    const answers = answersOf(declared, classes, answered, place("label"));
    if (answers instanceof Problem) problems.push(answers);
    const scores = scoresOf(predictions, classes, looked.dataset.declared.favourable, place);
    if (scores instanceof Problem) problems.push(scores);
    if (problems.length === before && !(answers instanceof Problem) && !(scores instanceof Problem)) {
      return {
        kind: "predictions",
        classes,
        answers,
        label: predictions.label ?? null,
        scores,
        threshold: predictions.threshold ?? null,
        splits: answered.map(({ split }) => split),
        files: beside?.files ?? null,
        key: predictions.key ?? null,
      };
    }
  }
  return null;
}

const asAnswered = ({ split, columns, shown, place }: Found): Answered => ({ split: split.name, columns, shown, place });

/** The splits whose own files hold every column of answers. */
const answeredSplits = (found: readonly Found[], names: readonly string[]): Answered[] =>
  found.filter(({ columns }) => names.every((name) => columnOf(columns, name) !== undefined)).map(asAnswered);

type PlaceOf = (...inside: Path) => ReturnType<Resolving["read"]["place"]>;

function checkColumns(predictions: PredictionsDeclaration, answered: readonly Answered[], place: PlaceOf): Problem[] {
  const { label, scores } = predictions;
  const named: { name: string; at: Path }[] = [
    ...(label === undefined ? [] : [{ name: label, at: ["label"] }]),
    ...(scores === undefined
      ? []
      : typeof scores === "string"
        ? [{ name: scores, at: ["scores"] }]
        : Object.entries(scores).map(([name, column]) => ({ name: column, at: ["scores", name] }))),
    ...(predictions.key === undefined ? [] : [{ name: predictions.key, at: ["key"] }]),
  ];
  return answered.flatMap(({ columns, shown }) =>
    named.flatMap(({ name, at }) => {
      if (columnOf(columns, name) !== undefined) return [];
      const names = columns.map((column) => column.name);
      const near = nearest(name, names);
      return [
        new Problem("TABLE_COLUMN_MISSING", `${quoted(shown)} has no column ${quoted(name)}`, {
          ...place(...at),
          remedy: near === null ? `It has ${listed(names, 30)}.` : `Did you mean ${quoted(near)}?`,
        }),
      ];
    }),
  );
}

/** The truth is no answer: every model would be right. */
function checkNotTruth(predictions: PredictionsDeclaration, truth: string | null, place: PlaceOf): Problem[] {
  if (truth === null || !answerColumns(predictions).includes(truth)) return [];
  return [
    new Problem("DECLARATION_VALUE", `${quoted(truth)} is the label, which holds the truth: it cannot hold the answers too`, {
      ...place(),
      remedy: "Name the column that the model wrote its answers to.",
    }),
  ];
}

function checkKey({ key, files }: PredictionsDeclaration, { found }: Looked, answered: readonly Answered[], place: PlaceOf): Problem[] {
  if (key === undefined || files === undefined) return [];
  return found
    .filter(({ split, columns }) => answered.some((each) => each.split === split.name) && columnOf(columns, key) === undefined)
    .map(
      ({ shown }) =>
        new Problem("TABLE_COLUMN_MISSING", `${quoted(shown)} has no column ${quoted(key)}`, {
          ...place("key"),
          remedy: "Name a column that both the split and its answers have.",
        }),
    );
}

/** The column of each class's score in the order of classes, or the one column and the class that it speaks of. */
function scoresOf(
  { scores, kind = "probabilities", threshold, label }: PredictionsDeclaration,
  classes: readonly string[],
  favourable: string | number | boolean | undefined,
  place: PlaceOf,
): PredictionsBinding["scores"] | Problem {
  const wrong = (at: Path, what: string, remedy: string) => new Problem("DECLARATION_VALUE", what, { ...place(...at), remedy });
  if (threshold !== undefined && (label !== undefined || scores === undefined || classes.length !== 2)) {
    return wrong(
      ["threshold"],
      "a threshold makes answers of the scores of two classes, where no column holds the answers",
      "Delete it, or delete `label`.",
    );
  }
  if (scores === undefined) return null;
  const indexOf = classIndex(classes);
  const named = typeof scores === "string" ? [] : Object.entries(scores);
  const unknown = named.find(([name]) => indexOf(name) === undefined);
  if (unknown !== undefined) {
    return wrong(
      ["scores", unknown[0]],
      `${quoted(unknown[0], 60)} is none of the classes (${listed(classes)})`,
      "Name classes as the label column writes them.",
    );
  }
  const [alone] = typeof scores === "string" ? [[null, scores] as const] : named;
  if (alone !== undefined && (typeof scores === "string" || named.length === 1)) {
    if (classes.length !== 2)
      return wrong(
        ["scores"],
        `one column of scores cannot speak of ${classes.length} classes`,
        "Name the column of each class: `scores: { CLASS: COLUMN, ... }`.",
      );
    const wished = favourable === undefined ? undefined : indexOf(String(favourable));
    return { columns: [alone[1]], of: (alone[0] === null ? wished : indexOf(alone[0])) ?? 1, kind };
  }
  const columns = classes.map((_, at) => named.find(([name]) => indexOf(name) === at)?.[1]);
  const without = classes.filter((_, at) => columns[at] === undefined);
  if (without.length > 0)
    return wrong(["scores"], `no column is named for the scores of ${listed(without)}`, "Name the column of each class.");
  return { columns: columns.filter((column) => column !== undefined), of: null, kind };
}
