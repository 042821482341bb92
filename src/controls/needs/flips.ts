import type { Random } from "../../base/index.ts";
import { type Column, selectRows, type TableSource } from "../../data/index.ts";
import { columnsOf, type ModelBinding, openModel } from "../../models/index.ts";
import { quantiles } from "../../tensor/index.ts";
import { type Budget, defineRecipe, type Missing, type Need, type Scope } from "../define.ts";
import { withColumns, withTexts } from "../shared/ranges.ts";
import { amountOf, askingUpTo } from "./endpoint.ts";
import { engineOf } from "./engine.ts";
import { modelNode } from "./model.ts";
import { ask, rowsToAsk } from "./questions.ts";
import { derive, splitNode, value } from "./splits.ts";

/** What one column did to the answers when it alone was set to other values. */
export interface ColumnFlips {
  readonly column: string;
  /** The values that it was set to, in words. */
  readonly values: readonly string[];
  /** Of those, the ones that the model did not answer. */
  readonly refused: number;
  /** For each row 1 where some value turned the answer. */
  readonly flipped: Uint8Array;
}

export interface Flips {
  readonly classes: readonly string[];
  /** Places in the test split of the rows that were asked about, ascending. */
  readonly rows: Int32Array;
  /** Their answers as they are: indices into `classes`. */
  readonly answers: Int32Array;
  readonly columns: readonly ColumnFlips[];
  /** Rows put to the model, all in all. */
  readonly questions: number;
}

interface FlipInputs {
  readonly model: ModelBinding;
  readonly train: TableSource;
  readonly test: TableSource;
  readonly columns: readonly string[];
  /** The share of training rows that is left out at each end of a column, and the least share of a text. */
  readonly rare: number;
  /** Rows put to the model, at most about. */
  readonly questions: number;
  readonly random: Random;
}

const mostTrainingRows = 200_000;
/** Values that a column of numbers is set to, and texts at most. */
const points = 11;
const mostTexts = 50;

export const flipsRecipe = defineRecipe<FlipInputs, Flips>({
  id: "flips",
  module: import.meta.url,
  async make({ model: binding, train, test, columns, rare, questions, random }, making) {
    const engine = await engineOf(making);
    const seen = await engine.read(train, [...columns], { limit: mostTrainingRows });
    const values = columns.map((name) => ({ name, values: commonValues(seen.columns[name], rare) }));
    const table = await engine.read(test, columnsOf(binding));
    const perRow = values.reduce((sum, each) => sum + each.values.length, 1);
    const most = Math.max(1, Math.floor(questions / perRow));
    const rows = random.fork("rows").sample(table.rows, Math.min(most, table.rows)).sort();
    const some = selectRows(table, rows);
    await using model = await openModel(binding);
    const { labels: answers, classes } = await model.predict(some);
    const found: ColumnFlips[] = [];
    for (const { name, values: own } of values) {
      making.progress(found.length, values.length, `changing ${name}`);
      const flipped = new Uint8Array(rows.length);
      let refused = 0;
      for (const each of own) {
        const reply = await ask(model, withColumns(some, { [name]: constant(some.columns[name], each, rows.length) }));
        if ("refused" in reply) refused++;
        else for (const [row, answer] of reply.answers.entries()) if (answer !== answers[row]) flipped[row] = 1;
      }
      found.push({ column: name, values: own.map(String), refused, flipped });
    }
    return { classes, rows, answers, columns: found, questions: perRow * rows.length };
  },
});

/** Quantiles of a column of numbers between both rare ends, each once; of texts those that are not rare, the most frequent first. */
export function commonValues(column: Column | undefined, rare: number): readonly (number | string)[] {
  if (column === undefined) return [];
  if (column.kind === "text") return commonTexts(column.codes, column.categories, rare);
  const finite = column.values.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const at = Array.from({ length: points }, (_, point) => rare + ((1 - 2 * rare) * point) / (points - 1));
  const whole = finite.every(Number.isInteger);
  return [...new Set(quantiles(finite, at).map((each) => (whole ? Math.round(each) : each)))];
}

function commonTexts(codes: Int32Array, categories: readonly string[], rare: number): readonly string[] {
  const counts = new Float64Array(categories.length);
  let rows = 0;
  for (const code of codes) {
    if (code < 0) continue;
    counts[code]! += 1;
    rows++;
  }
  const common = categories
    .map((text, code) => ({ text, rows: counts[code]! }))
    .filter((each) => each.rows > 0 && each.rows >= rare * rows);
  return common
    .sort((a, b) => b.rows - a.rows)
    .slice(0, mostTexts)
    .map(({ text }) => text);
}

function constant(column: Column | undefined, to: number | string, rows: number): Column {
  if (typeof to === "number") return { kind: "number", values: new Float64Array(rows).fill(to) };
  if (column?.kind !== "text") throw new Error("a column of texts in training is one of numbers in the test split");
  const { categories, codeOf } = withTexts(column, [to]);
  return { kind: "text", categories, codes: new Int32Array(rows).fill(codeOf.get(to) ?? -1) };
}

/** Questions, by budget: each value of each column is asked about every row. */
const effortOf: { readonly [B in Budget]: number } = { quick: 150_000, standard: 600_000, thorough: 3_000_000 };

/** How the model's answers turn when one of these columns alone is set to other values. */
export const flips = (label: string, rare: number, choose: (scope: Scope) => readonly string[] | Missing): Need<Flips> => ({
  per: "model",
  plan(scope) {
    const model = modelNode(scope, "newRows");
    if ("missing" in model) return model;
    const columns = choose(scope);
    if ("missing" in columns) return columns;
    const questions = rowsToAsk(scope, effortOf);
    const planned = derive(flipsRecipe, {
      model,
      train: splitNode(scope.dataset, "train"),
      test: splitNode(scope.dataset, "test"),
      columns: value([...columns]),
      rare: value(rare),
      questions,
      random: { kind: "random", label },
    });
    return askingUpTo(planned, scope.model?.endpoint, amountOf(questions));
  },
  view: (seen) => seen as Flips,
});

/** The columns of numbers and texts that the scope's model takes. */
export function takenBy({ model, dataset }: Scope): readonly string[] {
  const binding = dataset === undefined ? undefined : model?.bindings[dataset.id];
  const pictures = new Set(dataset?.columns.filter(({ kind }) => kind === "image").map(({ name }) => name));
  return binding === undefined ? [] : columnsOf(binding).filter((name) => !pictures.has(name));
}
