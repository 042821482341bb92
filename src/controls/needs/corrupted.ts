import type { Random } from "../../base/index.ts";
import { type SplitName, selectRows, type Table, type TableSource } from "../../data/index.ts";
import { columnsOf, labelIndices, type Model, type ModelBinding, openModel } from "../../models/index.ts";
import { defineRecipe, type Missing, type Need, type Node, type Scope } from "../define.ts";
import { imageCorruptions } from "../shared/corruption/images/index.ts";
import { tableCorruptions } from "../shared/corruption/tables.ts";
import { rangesOf } from "../shared/ranges.ts";
import { amountOf, askingUpTo } from "./endpoint.ts";
import { engineOf } from "./engine.ts";
import { modelNode } from "./model.ts";
import type { Predictions } from "./predictions.ts";
import { ask, type Reply, rowsToAsk } from "./questions.ts";
import { derive, labelNode, splitNode } from "./splits.ts";

/** What a model answers when its inputs went wrong in one way. */
export interface CorruptedKind {
  readonly name: string;
  readonly of: string;
  /** From little to much. */
  readonly steps: readonly { readonly amount: number; readonly reply: Reply }[];
}

export interface Corrupted {
  /** Some rows of the test split as they are. */
  readonly clean: Predictions;
  readonly kinds: readonly CorruptedKind[];
  /** Rows put to the model, all in all. */
  readonly questions: number;
}

interface CorruptedInputs {
  readonly model: ModelBinding;
  readonly train: TableSource;
  readonly test: TableSource;
  readonly label: string;
  readonly most: number;
  readonly random: Random;
}

/** More training rows than these know a column's range no better. */
const mostTrainingRows = 200_000;

const corruptions = [...tableCorruptions, ...imageCorruptions];

export const corruptedRecipe = defineRecipe<CorruptedInputs, Corrupted>({
  id: "corrupted",
  module: import.meta.url,
  async make({ model: binding, train, test, label, most, random }, making) {
    const engine = await engineOf(making);
    const columns = columnsOf(binding);
    const ranges = rangesOf(await engine.read(train, columns, { limit: mostTrainingRows }), columns);
    const table = await engine.read(test, [...new Set([...columns, label])]);
    const rows = random.fork("rows").sample(table.rows, Math.min(most, table.rows)).sort();
    const some = selectRows(table, rows);
    await using model = await openModel(binding);
    const { labels, probabilities, classes } = await model.predict(some);
    const clean = { rows: rows.length, classes, truth: labelIndices(some, label, classes), answers: labels, probabilities };
    const kinds: CorruptedKind[] = [];
    for (const { name, of, amounts, apply } of corruptions) {
      making.progress(kinds.length, corruptions.length, name);
      // The same random numbers at each step: what is changed a little is changed further, so that a curve shows the amount and not the draw.
      const tables = amounts.map((amount) => ({ amount, changed: apply(some, ranges, amount, random.fork(name)) }));
      kinds.push({ name, of, steps: await stepsOf(model, tables) });
    }
    const asked = kinds.reduce((sum, { steps }) => sum + steps.length, 1);
    return { clean, kinds: kinds.filter(({ steps }) => steps.length > 0), questions: asked * rows.length };
  },
});

/** Tables have pictures beside their other columns, or none. */
const corruptionsOf = (hasPictures: boolean) => (hasPictures ? corruptions : tableCorruptions);

async function stepsOf(model: Model, tables: readonly { amount: number; changed: Table | null }[]): Promise<CorruptedKind["steps"]> {
  const steps: CorruptedKind["steps"][number][] = [];
  for (const { amount, changed } of tables) if (changed !== null) steps.push({ amount, reply: await ask(model, changed) });
  return steps;
}

/** Test rows that are asked about, by budget: of pictures fewer, since each takes longer and there are more ways for it to go wrong. */
const ofTables = { quick: 2000, standard: 5000, thorough: 20_000 };
const ofPictures = { quick: 500, standard: 2000, thorough: 10_000 };

/** The random stream of corruptions: whoever asks for the same rows of the same model shares the answers. */
const stream = "weak-algorithm/corruption";

/** The model's answers to some rows of a split, as they are and corrupted in each way at five steps. */
export function corruptedNode(scope: Scope, split: SplitName): Node | Missing {
  const hasPictures = scope.dataset?.columns.some(({ kind }) => kind === "image") ?? false;
  const most = rowsToAsk(scope, hasPictures ? ofPictures : ofTables);
  const planned = derive(corruptedRecipe, {
    model: modelNode(scope, "newRows"),
    train: splitNode(scope.dataset, "train"),
    test: splitNode(scope.dataset, split),
    label: labelNode(scope.dataset),
    most,
    random: { kind: "random", label: stream },
  });
  const times = corruptionsOf(hasPictures).reduce((sum, { amounts }) => sum + amounts.length, 1);
  return askingUpTo(planned, scope.model?.endpoint, times * amountOf(most));
}

export const corrupted = ({ split }: { split: SplitName }): Need<Corrupted> => ({
  per: "model",
  plan: (scope) => corruptedNode(scope, split),
  view: (seen) => seen as Corrupted,
});
