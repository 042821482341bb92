import type { Random } from "../../base/index.ts";
import { selectRows, type TableSource } from "../../data/index.ts";
import { columnsOf, type ModelBinding, openModel } from "../../models/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { rangesOf } from "../shared/ranges.ts";
import { evenRows } from "../shared/scores/rows.ts";
import { unlikeImages } from "../shared/unlike/images.ts";
import { unlikeTables } from "../shared/unlike/tables.ts";
import { toldApart } from "../shared/unlike/told-apart.ts";
import { amountOf, askingUpTo } from "./endpoint.ts";
import { engineOf } from "./engine.ts";
import { modelNode } from "./model.ts";
import { withPixels } from "./pixels.ts";
import { ask, rowsToAsk } from "./questions.ts";
import { derive, splitNode } from "./splits.ts";

/** How sure a model is of its answers to rows that are unlike its training data in one way. */
export interface UnlikeKind {
  readonly name: string;
  /** The probability of the class answered, per row; null where the model does not answer such rows. */
  readonly confidences: Float64Array | null;
  /** How likely a tree trained here holds such rows, and test rows, to be made: whether they are unlike at all. */
  readonly told: { readonly usual: Float64Array; readonly made: Float64Array };
}

export interface Unlikely {
  /** The same of some test rows as they are. */
  readonly usual: Float64Array;
  readonly kinds: readonly UnlikeKind[];
  /** Rows put to the model, all in all. */
  readonly questions: number;
}

interface UnlikeInputs {
  readonly model: ModelBinding;
  readonly train: TableSource;
  readonly test: TableSource;
  readonly most: number;
  readonly random: Random;
}

const mostTrainingRows = 200_000;

export const unlikeRecipe = defineRecipe<UnlikeInputs, Unlikely>({
  id: "unlike",
  module: import.meta.url,
  async make({ model: binding, train, test, most, random }, making) {
    const engine = await engineOf(making);
    const columns = columnsOf(binding);
    const training = await engine.read(train, columns, { limit: mostTrainingRows });
    const ranges = rangesOf(training, columns);
    const table = await engine.read(test, columns);
    const rows = random.fork("rows").sample(table.rows, Math.min(most, table.rows)).sort();
    await using model = await openModel(binding);
    const some = selectRows(table, rows);
    const { probabilities, classes } = await model.predict(some);
    const known = selectRows(training, evenRows(training.rows, Math.ceil(rows.length / 2)));
    const [ofTraining, ofTest] = [await withPixels(known, columns), await withPixels(some, columns)];
    const kinds: UnlikeKind[] = [];
    const possible = training.images === undefined ? unlikeTables : unlikeImages;
    for (const { name, make } of possible) {
      making.progress(kinds.length, possible.length, name);
      const made = make(training, ranges, rows.length, random.fork(name));
      if (made === null) continue;
      const reply = await ask(model, made);
      const confidences = "refused" in reply ? null : surest(reply.probabilities, classes.length);
      kinds.push({
        name,
        confidences,
        told: toldApart(ofTraining.table, (await withPixels(made, columns)).table, ofTest.table, ofTest.features),
      });
    }
    return { usual: surest(probabilities, classes.length), kinds, questions: rows.length * (1 + kinds.length) };
  },
});

/** The largest probability of each row. */
function surest(probabilities: Float64Array | null, classes: number): Float64Array {
  if (probabilities === null) throw new Error("a model that was planned to give scores gives none");
  return Float64Array.from({ length: probabilities.length / classes }, (_, row) =>
    Math.max(...probabilities.subarray(row * classes, (row + 1) * classes)),
  );
}

/** How sure the model is of test rows, and of rows unlike the training data. */
export const unlike = (label: string): Need<Unlikely> => ({
  per: "model",
  plan(scope) {
    const most = rowsToAsk(scope, { quick: 2000, standard: 5000, thorough: 20_000 });
    const planned = derive(unlikeRecipe, {
      model: modelNode(scope, "newRows", "scores"),
      train: splitNode(scope.dataset, "train"),
      test: splitNode(scope.dataset, "test"),
      most,
      random: { kind: "random", label },
    });
    return askingUpTo(planned, scope.model?.endpoint, (1 + Math.max(unlikeTables.length, unlikeImages.length)) * amountOf(most));
  },
  view: (seen) => seen as Unlikely,
});
