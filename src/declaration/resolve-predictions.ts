import { digestOfJson, type Place, Problem, quoted } from "../base/index.ts";
import { type SplitName, splitNames, type TableFacts, tableDigest } from "../data/index.ts";
import type { PredictionsBinding } from "../models/index.ts";
import { bindPredictions } from "./bind-predictions.ts";
import { collecting, shownPath } from "./collecting.ts";
import type { Looked } from "./found.ts";
import type { Resolving } from "./inspect.ts";
import type { FoundModel } from "./resolve-model.ts";
import type { Declaration, ModelDeclaration } from "./schema.ts";
import type { Split } from "./system.ts";
import { locateTable, nameOfTable, sourceOf } from "./tables.ts";
import type { Path } from "./yaml.ts";

export type PredictionsDeclaration = NonNullable<ModelDeclaration["predictions"]>;

/** A split's answers: the file that they stand in, and the columns that it has. */
export interface Answered {
  readonly split: SplitName;
  readonly columns: TableFacts["columns"];
  readonly shown: string;
  readonly place: Place;
}

/** Every column that holds answers. */
export const answerColumns = ({ label, scores }: PredictionsDeclaration): string[] => [
  ...(label === undefined ? [] : [label]),
  ...(scores === undefined ? [] : typeof scores === "string" ? [scores] : Object.values(scores)),
];

/** Columns of a dataset's own files that hold answers of a model, or the key to them: they are no features, and some splits may lack them. */
export function answersBeside({ models = [] }: Declaration, dataset: string): string[] {
  const measured = models.filter(({ testedOn, trainedOn }) => (testedOn ?? trainedOn ?? []).includes(dataset));
  return measured.flatMap(({ predictions }) => {
    if (predictions === undefined) return [];
    if (predictions.files === undefined) return answerColumns(predictions);
    return predictions.key === undefined ? [] : [predictions.key];
  });
}

type Files = NonNullable<PredictionsBinding["files"]>;

/** Answers that were written down: in the splits, or in tables of their own. */
export async function resolvePredictions(
  declared: ModelDeclaration & { readonly predictions: PredictionsDeclaration },
  path: Path,
  datasets: readonly Looked[],
  resolving: Resolving,
): Promise<FoundModel | null> {
  const { predictions } = declared;
  const measured = datasets.filter(({ dataset }) => (declared.testedOn ?? declared.trainedOn ?? []).includes(dataset.id));
  const inside: Path = [...path, "predictions"];
  const alone = checkAlone(measured, predictions, resolving.read.place([...inside, "files"]));
  if (alone !== null) {
    resolving.problems.push(alone);
    return null;
  }
  const [first] = measured;
  const found = predictions.files === undefined ? null : await filesOf(predictions, inside, first, resolving);
  const splits = measured.flatMap(({ dataset }) => Object.values(dataset.splits).map(({ artefact, digest }) => [artefact, digest]));
  const answers = found === null ? splits : Object.entries(found.files).map(([split, { digest }]) => [split, digest]);
  return {
    kind: "predictions",
    file: null,
    digest: digestOfJson({ predictions: { ...predictions }, answers }),
    about: "answers that were written down",
    bind: (looked) => bindPredictions(declared, looked, found, inside, resolving),
  };
}

function checkAlone(measured: readonly Looked[], { files, key }: PredictionsDeclaration, place: Place): Problem | null {
  if (files === undefined) {
    return key === undefined
      ? null
      : new Problem("DECLARATION_VALUE", "a key brings the rows of two tables together, and no `files` of answers are named", {
          ...place,
          remedy: "Delete `key`, or name the tables: `files: { test: FILE }`.",
        });
  }
  if (measured.length <= 1) return null;
  return new Problem("DECLARATION_VALUE", "tables of answers belong to one dataset, and this model is measured on several", {
    ...place,
    remedy: "Declare one model for each dataset, each with its own `files` and `testedOn`.",
  });
}

/** The tables of answers, each with what stands in it. */
export interface AnswerFiles {
  readonly files: Files;
  readonly answered: readonly Answered[];
}

async function filesOf(
  { files = {}, key }: PredictionsDeclaration,
  path: Path,
  looked: Looked | undefined,
  resolving: Resolving,
): Promise<AnswerFiles> {
  const made: Record<string, Files[string]> = {};
  const answered: Answered[] = [];
  for (const split of splitNames) {
    const named = files[split];
    const of = looked?.dataset.splits[split];
    if (named === undefined) continue;
    const place = resolving.read.place([...path, "files", split]);
    const shown = shownPath(resolving.read, nameOfTable(named));
    const found = await collecting(resolving.problems, { shown, place }, async () => {
      if (looked !== undefined && of === undefined) throw noSplit(looked.dataset.id, split, place);
      const source = sourceOf(looked?.dataset.declared ?? {}, await locateTable(resolving.read.root, named, place)); // the same texts mean a missing value
      const facts = await resolving.inspect.table(source);
      if (key === undefined && of !== undefined) checkRows(facts, of, { named: nameOfTable(named), place });
      return { facts, file: { source, digest: await tableDigest(source, resolving.inspect.digest) } };
    });
    if (found === null) continue;
    made[split] = found.file;
    answered.push({ split, columns: found.facts.columns, shown, place });
  }
  return { files: made, answered };
}

const noSplit = (dataset: string, split: SplitName, place: Place) =>
  new Problem("DECLARATION_REFERENCE", `dataset ${quoted(dataset)} has no ${split} split to which these could be the answers`, {
    ...place,
    remedy: "Declare the split's file, or name the split that these answer.",
  });

function checkRows({ rows }: TableFacts, split: Split, { named, place }: { named: string; place: Place }): void {
  if (rows === split.rows) return;
  throw new Problem("PREDICTIONS_ROWS_DIFFER", `${quoted(named)} has ${rows} rows, and the ${split.name} split has ${split.rows}`, {
    ...place,
    remedy:
      "Write one answer for each row, in the same order; or name a column that both have and by which they belong together: `key: id`.",
  });
}
