import { quoted } from "../../base/index.ts";
import type { ColumnFacts, TableFacts } from "../../data/index.ts";
import { classIndex, type ModelFacts } from "../../models/index.ts";
import type { Guess } from "./columns.ts";

const labelNames =
  /^(label|labels|target|class|y|outcome|income|income[-_ ].*|default|churn|churned|species|diagnosis|survived|approved|fraud|is[-_ ]?fraud|risk|result|response|zielvariable|klasse|etiquette|clase|objetivo)$/i;

const mostClasses = 100;

/** Few values, as classes have: texts, or whole numbers. */
const isClassLike = ({ kind, distinct, integer }: ColumnFacts) =>
  distinct >= 2 && (kind === "number" ? integer === true && distinct <= 20 : distinct <= mostClasses);

/** Columns that may be the label, the best evidence first. */
export function labelCandidates({ columns }: TableFacts, models: readonly ModelFacts[]): Guess[] {
  const possible = columns.filter(isClassLike);
  const fits = (column: ColumnFacts, facts: ModelFacts) => !takes(facts, column.name) && holdsClasses(column, facts.classes);
  const matching = possible.filter((column) => models.some((facts) => fits(column, facts)));
  const named = possible.filter(({ name }) => labelNames.test(name));
  const last = columns.at(-1);
  const guesses = [
    ...(matching.length === 1 ? matching : []).map(({ name }) => ({
      name,
      why: "no model takes it, and its values are the classes of a model",
    })),
    ...named.map(({ name }) => ({ name, why: `it is called ${quoted(name, 40)}` })),
    ...matching.map(({ name }) => ({ name, why: "its values are the classes of a model" })),
    ...(last !== undefined && isClassLike(last)
      ? [{ name: last.name, why: `it is the last column, and has ${last.distinct} different values` }]
      : []),
  ];
  return guesses.filter((guess, at) => guesses.findIndex(({ name }) => name === guess.name) === at);
}

const takes = ({ inputs }: ModelFacts, column: string) => inputs.some(({ name }) => name === column);

function holdsClasses({ kind, values, distinct, min, max }: ColumnFacts, classes: readonly string[] | null): boolean {
  if (classes === null || classes.length !== distinct) return false;
  const indexOf = classIndex(classes);
  if (kind === "number") return [min, max].every((value) => value !== undefined && indexOf(String(value)) !== undefined);
  return values?.every(({ value }) => indexOf(value) !== undefined) ?? false;
}

/** A label's values, sorted as most trainers order classes; null when not all are known. */
export function sortedValues({ kind, values, distinct, integer, min, max }: ColumnFacts): string[] | null {
  if (kind === "number") {
    const isDense = integer === true && min !== undefined && max !== undefined && max - min + 1 === distinct;
    return isDense && distinct <= mostClasses ? Array.from({ length: distinct }, (_, at) => String(min + at)) : null;
  }
  return values !== undefined && values.length === distinct ? values.map(({ value }) => value).sort() : null;
}
