import { problemsOf } from "../../base/index.ts";
import type { ColumnFacts } from "../../data/index.ts";
import { bindModel, type ModelFacts, type OnnxBinding } from "../../models/index.ts";
import { sortedValues } from "./label.ts";

export interface FoundModel {
  readonly id: string;
  /** Relative to the project. */
  readonly path: string;
  readonly absolute: string;
  readonly facts: ModelFacts;
}

/** How a model fits a dataset, as far as guessing goes. */
export interface Fit {
  readonly model: FoundModel;
  readonly binding: OnnxBinding;
  /** Written only when the model's file does not name its classes. */
  readonly classes: readonly string[] | null;
}

export interface Trial {
  readonly root: string;
  readonly dataset: string;
  readonly columns: readonly ColumnFacts[];
  readonly label: string;
  /** Sets of columns that may be no features; the first that fits is taken. */
  readonly unused: readonly (readonly string[])[];
}

/** The first way in which the columns fill the model's inputs; else what stood in the way of the simplest. */
export function fitModel(model: FoundModel, trial: Trial): Fit | { readonly why: string } {
  const label = trial.columns.find(({ name }) => name === trial.label);
  const guessedClasses = label === undefined ? null : sortedValues(label);
  let why: string | undefined;
  for (const unused of trial.unused) {
    for (const classes of guessedClasses === null ? [null] : [null, guessedClasses]) {
      const bound = tryOnce(model, trial, unused, classes);
      if (typeof bound !== "string") return { model, binding: bound, classes };
      why ??= bound;
    }
  }
  return { why: why ?? "nothing was tried" };
}

function tryOnce(
  { id, absolute, facts }: FoundModel,
  { root, dataset, columns, label }: Trial,
  unused: readonly string[],
  classes: readonly string[] | null,
): OnnxBinding | string {
  try {
    return bindModel(
      { path: absolute, root, facts },
      { model: id, dataset, columns, label, unused, ...(classes === null ? {} : { classes }) },
    );
  } catch (error) {
    const [problem] = problemsOf(error);
    if (problem === undefined) throw error;
    return `${problem.message}. ${problem.remedy}`;
  }
}
