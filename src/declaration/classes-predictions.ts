import { type Place, Problem } from "../base/index.ts";
import type { ColumnFacts } from "../data/index.ts";
import { classIndex, labelKey } from "../models/index.ts";
import { columnOf, type Looked, listed } from "./found.ts";
import type { Answered, PredictionsDeclaration } from "./resolve-predictions.ts";
import type { ModelDeclaration } from "./schema.ts";
import type { Path } from "./yaml.ts";

type Declared = ModelDeclaration & { readonly predictions: PredictionsDeclaration };

/** Whole numbers that are all there are more classes than this only by mistake. */
const mostClasses = 1000;

/** Every value of a column as text; null when the facts do not tell them all. */
export function valuesOf({ kind, values, distinct, integer, min, max }: ColumnFacts): string[] | null {
  if (kind !== "number") return values !== undefined && values.length >= distinct ? values.map(({ value }) => value) : null;
  if (min === undefined || max === undefined) return distinct === 0 ? [] : null;
  if (distinct <= 2) return distinct === 2 ? [String(min), String(max)] : [String(min)];
  const isDense = integer === true && max - min + 1 === distinct && distinct <= mostClasses;
  return isDense ? Array.from({ length: distinct }, (_, at) => String(min + at)) : null;
}

/** All values of a column over some tables, sorted: numbers by size. */
export function valuesOver(columns: readonly (ColumnFacts | undefined)[]): string[] | null {
  const values = columns.flatMap((column) => (column === undefined ? [] : [valuesOf(column)]));
  if (values.length === 0 || values.includes(null)) return null;
  const unique = [...new Map(values.flatMap((each) => each ?? []).map((value) => [labelKey(value), value])).values()];
  const areNumbers = unique.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  return areNumbers ? unique.toSorted((a, b) => Number(a) - Number(b)) : unique.toSorted();
}

/** The classes, as the label column writes them: as declared, else those that the scores name when all of them are, else what the column holds. */
export function classesOf(
  { classes, predictions }: Declared,
  { dataset, found }: Looked,
  place: (path: Path) => Place,
): string[] | Problem {
  if (classes !== undefined) return classes.map(String);
  const { label = "" } = dataset.declared;
  const truths = valuesOver(found.map(({ columns }) => columnOf(columns, label)));
  const { scores } = predictions;
  const named = typeof scores === "object" ? Object.keys(scores) : [];
  if (named.length > 1) {
    const byName = classIndex(truths ?? []);
    return named.map((name) => truths?.[byName(name) ?? -1] ?? name);
  }
  if (truths !== null && truths.length > 0) return truths;
  return new Problem("MODEL_CLASSES_MISMATCH", "the label column holds too many values to tell the classes by", {
    ...place(["models"]),
    remedy: "Name them as the label column writes them: `classes: [...]`.",
  });
}

/** What the column of answers holds for each class: the class itself or, where classes are declared and answers count up from 0, its place. */
export function answersOf(
  { classes: declared, predictions: { label } }: Declared,
  classes: readonly string[],
  answered: readonly Answered[],
  place: Place,
): string[] | Problem {
  const values = label === undefined ? [] : valuesOver(answered.map(({ columns }) => columnOf(columns, label)));
  const indexOf = classIndex(classes);
  const unknown = (values ?? []).filter((value) => indexOf(value) === undefined);
  if (unknown.length === 0) return [...classes];
  const places = classes.map((_, at) => String(at));
  const countUp = (values ?? []).every((value) => classIndex(places)(value) !== undefined);
  if (declared !== undefined && countUp) return places;
  return new Problem("MODEL_CLASSES_MISMATCH", `the answers hold ${listed(unknown)}, none of the classes (${listed(classes)})`, {
    ...place,
    remedy: countUp
      ? `If they count the classes, name these in that order: \`classes: [${classes.map((name) => JSON.stringify(name)).join(", ")}]\`.`
      : "Name all `classes` of the model as the label column writes them, or correct the answers.",
  });
}
