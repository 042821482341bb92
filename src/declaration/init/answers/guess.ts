import { quoted } from "../../../base/index.ts";
import type { ColumnFacts, TableFacts } from "../../../data/index.ts";
import { classIndex } from "../../../models/index.ts";
import { valuesOf, valuesOver } from "../../classes-predictions.ts";
import { listed } from "../../found.ts";
import { type Guess, said, sensitiveColumns } from "../columns.ts";
import { favourableOf } from "./favourable.ts";
import { type GuessedScores, guessScores } from "./scores.ts";
import { isAnswerName, isAnswerTo, isCommon, mentionsAnswer, truthRank } from "./words.ts";

/** What a person said, so that it need not be guessed. */
export interface GivenColumns {
  readonly label?: string | undefined;
  readonly prediction?: string | undefined;
  /** One column, or one for each class. */
  readonly scores?: string | { readonly [className: string]: string } | undefined;
  readonly favourable?: string | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly sensitive?: readonly string[] | undefined;
}

/** Which columns hold the truth and the answers of a model. */
export interface GuessedAnswers {
  readonly label: Guess;
  readonly prediction: Guess | null;
  readonly scores: GuessedScores | null;
  /** Only where the label column does not tell them. */
  readonly classes: readonly string[] | null;
  readonly favourable: Guess | null;
  /** For people: what was left out, and why. */
  readonly notes: readonly string[];
}

/** Why no answers were found, and which option says what could not be guessed. */
export interface Unsure {
  readonly unsure: string;
  readonly remedy: string;
}

const mostClasses = 100;
const mostNumbers = 30;

/** Few values, as classes have. */
const isClassLike = ({ kind, distinct, integer }: ColumnFacts) =>
  distinct >= 1 &&
  (kind === "number" ? distinct <= 2 || (integer === true && distinct <= mostNumbers) : kind !== "date" && distinct <= mostClasses);

/**
 * Guesses from names and values which columns hold the truth, the answers and their scores. `sure` takes only names that no feature has: for a folder, where a
 * table need not hold predictions at all.
 */
export function guessAnswers(facts: TableFacts, given: GivenColumns = {}, { sure = false } = {}): GuessedAnswers | Unsure {
  const { columns } = facts;
  const missing = [given.label, given.prediction].find((name) => name !== undefined && !columns.some((column) => column.name === name));
  if (missing !== undefined) return noColumn(missing, columns);
  const prediction = guessPrediction(columns, given);
  if (prediction !== null && "unsure" in prediction) return prediction;
  const label = guessTruth(facts, prediction?.name ?? null, given);
  if ("unsure" in label) return label;
  const found = {
    label: columnNamed(columns, label.name),
    prediction: prediction === null ? undefined : columnNamed(columns, prediction.name),
  };
  const classes = classesOf(found, given);
  if (classes === null) return manyClasses(label.name, found.label?.distinct ?? 0);
  const wrong =
    prediction === null || (found.label?.distinct ?? 0) < 2 ? null : strangeAnswers(prediction.name, found.prediction, classes, given);
  if (wrong !== null) return wrong;
  const { scores, notes } = guessScores(columns, { truth: label.name, answer: prediction?.name ?? null, classes, given: given.scores });
  if (prediction === null && scores === null) return noAnswers(columns, notes);
  if (sure && isDoubtful(prediction, scores)) return noAnswers(columns, notes);
  const truths = found.label === undefined ? null : valuesOf(found.label);
  return {
    label,
    prediction,
    scores,
    classes: given.classes ?? (truths === null || classes.length > truths.length ? classes : null),
    favourable: favourableOf(label.name, truths, given.favourable),
    notes,
  };
}

const isDoubtful = (prediction: Guess | null, scores: GuessedScores | null) =>
  (prediction === null || isCommon(prediction.name)) &&
  (scores === null || (typeof scores.columns === "string" && isCommon(scores.columns)));

const columnNamed = (columns: readonly ColumnFacts[], name: string) => columns.find((column) => column.name === name);

/** All classes: those of the truth, and those that were answered beside some of them. */
function classesOf(
  { label, prediction }: { label: ColumnFacts | undefined; prediction: ColumnFacts | undefined },
  given: GivenColumns,
): readonly string[] | null {
  if (given.classes !== undefined) return given.classes;
  const truths = label === undefined ? null : valuesOver([label]);
  const answered = prediction === undefined ? null : valuesOf(prediction);
  if (truths === null || answered === null) return truths;
  const known = classIndex(truths);
  const isNew = answered.some((value) => known(value) === undefined);
  const isAlike = answered.filter((value) => known(value) !== undefined).length * 2 > answered.length;
  return isNew && isAlike ? valuesOver([label, prediction]) : truths;
}

function guessPrediction(columns: readonly ColumnFacts[], { label, prediction, scores }: GivenColumns): Guess | Unsure | null {
  if (prediction !== undefined) return { name: prediction, why: said };
  const taken = new Set([label, ...(scores === undefined ? [] : typeof scores === "string" ? [scores] : Object.values(scores))]);
  const open = columns.filter((column) => isClassLike(column) && !taken.has(column.name));
  const others = columns.map(({ name }) => name);
  const rules: readonly [(name: string) => boolean, string][] = [
    [isAnswerName, "it is called like answers"],
    [(name) => others.some((other) => other !== name && isAnswerTo(name, other)), "it is called like answers to another column"],
    [mentionsAnswer, "it is called like answers of some model"],
  ];
  for (const [fits, why] of rules) {
    const named = open.filter(({ name }) => fits(name));
    if (named.length > 1) return severalColumns("answers of a model", named, "--prediction");
    if (named[0] !== undefined) return { name: named[0].name, why };
  }
  const truth = label === undefined ? undefined : columnNamed(columns, label);
  const alike = truth?.kind === "text" ? open.filter((column) => column.distinct === truth.distinct && holdsAnswers(column, truth)) : [];
  if (alike.length === 1 && alike[0] !== undefined) return { name: alike[0].name, why: "its values are those of the truth" };
  return null;
}

function guessTruth(facts: TableFacts, answer: string | null, { label }: GivenColumns): Guess | Unsure {
  if (label !== undefined) return { name: label, why: said };
  const { columns } = facts;
  const answers = answer === null ? undefined : columnNamed(columns, answer);
  const open = columns.filter((column) => column.distinct >= 2 && isClassLike(column) && column.name !== answer);
  const answered = answer === null ? [] : open.filter(({ name }) => isAnswerTo(answer, name));
  if (answered[0] !== undefined) return { name: answered[0].name, why: `the answers are called ${quoted(answer ?? "", 40)}` };
  for (const rank of [0, 1]) {
    const named = open.filter(({ name }) => truthRank(name) === rank);
    const alike = named.filter((column) => holdsAnswers(column, answers));
    const best = alike.length > 0 ? alike : named;
    if (best.length > 1) return severalColumns("truth", best, "--label");
    if (best[0] !== undefined) return { name: best[0].name, why: `it is called ${quoted(best[0].name, 40)}` };
  }
  const sensitive = new Set(sensitiveColumns(facts));
  const equal =
    answers === undefined
      ? []
      : open.filter((column) => !sensitive.has(column.name) && holdsAnswers(column, answers) && column.distinct === answers.distinct);
  if (equal.length > 1) return severalColumns("truth", equal, "--label");
  if (equal[0] !== undefined) return { name: equal[0].name, why: "its values are those of the answers" };
  return (
    strangeTruth(columns) ?? {
      unsure: "no column is known to hold the truth, which answers are measured against",
      remedy: `Name it: \`--label COLUMN\`. There is ${listed(
        columns.map(({ name }) => name),
        20,
      )}.`,
    }
  );
}

/** A column that is called like the truth, and holds no classes. */
function strangeTruth(columns: readonly ColumnFacts[]): Unsure | null {
  const called = columns.find(({ name }) => truthRank(name) !== null);
  if (called === undefined) return null;
  const name = quoted(called.name, 40);
  return called.distinct < 2
    ? {
        unsure: `column ${name} holds one value alone: a truth of one class tells nothing of a model`,
        remedy: "Write rows of every class to the table.",
      }
    : {
        unsure: `column ${name} holds ${called.distinct} different values, as of a quantity; only models that answer classes are assessed`,
        remedy:
          "Name the column of true classes, `--label COLUMN`; or write classes in place of the quantity, such as above and below a limit.",
      };
}

/** Whether a column holds every value that is answered, as far as the facts tell. */
function holdsAnswers(column: ColumnFacts, answers: ColumnFacts | undefined): boolean {
  const [truths, answered] = [valuesOf(column), answers === undefined ? null : valuesOf(answers)];
  if (answers === undefined || truths === null || answered === null) return true;
  const known = classIndex(truths);
  return answered.every((value) => known(value) !== undefined);
}

const manyClasses = (name: string, distinct: number): Unsure => ({
  unsure: `column ${quoted(name, 40)} holds ${distinct} different values, too many to tell the classes by themselves`,
  remedy: "If it holds classes, name them: `--class NAME`, once for each.",
});

/** Answers that are none of the classes: perhaps they count them. */
function strangeAnswers(name: string, column: ColumnFacts | undefined, classes: readonly string[], given: GivenColumns): Unsure | null {
  const values = (column === undefined ? null : valuesOf(column)) ?? [];
  const [known, places] = [classIndex(classes), classIndex(classes.map((_, at) => String(at)))];
  const strange = values.filter((value) => known(value) === undefined);
  const countUp = values.every((value) => places(value) !== undefined);
  if (strange.length === 0 || (countUp && given.classes !== undefined)) return null;
  return {
    unsure: `column ${quoted(name, 40)} answers ${listed(strange)}, none of the classes (${listed(classes)})`,
    remedy: countUp
      ? `If they count the classes, name these in that order: \`${classes.map((each) => `--class ${JSON.stringify(each)}`).join(" ")}\`.`
      : "Name the column of the answers, `--prediction COLUMN`, and of the truth, `--label COLUMN`; or correct the answers.",
  };
}

const noColumn = (name: string, columns: readonly ColumnFacts[]): Unsure => ({
  unsure: `there is no column ${quoted(name, 40)}`,
  remedy: `There is ${listed(
    columns.map((column) => column.name),
    20,
  )}.`,
});

const severalColumns = (what: string, columns: readonly ColumnFacts[], option: string): Unsure => ({
  unsure: `several columns may hold the ${what}: ${listed(columns.map(({ name }) => name))}`,
  remedy: `Say which: \`${option} COLUMN\`.`,
});

function noAnswers(columns: readonly ColumnFacts[], notes: readonly string[]): Unsure {
  const quantity = columns.find((column) => isAnswerName(column.name) && column.kind === "number" && !isClassLike(column));
  if (quantity !== undefined) {
    return {
      unsure: `column ${quoted(quantity.name, 40)} holds ${quantity.distinct} different numbers, as of a quantity; only answers that are classes are assessed`,
      remedy: "Name the column of answered classes, `--prediction COLUMN`, or of probabilities, `--scores COLUMN`.",
    };
  }
  return {
    unsure: ["no column is known to hold the answers of a model", ...notes].join("; "),
    remedy: `Name it: \`--prediction COLUMN\` for answered labels, \`--scores COLUMN\` for probabilities. There is ${listed(
      columns.map(({ name }) => name),
      20,
    )}.`,
  };
}
