import type { Random } from "../../base/index.ts";
import { type Fitted, fitLogistic, fitTree, type TrainingSet } from "../../training/index.ts";
import { type Budget, defineRecipe, type Need } from "../define.ts";
import { derive } from "./splits.ts";
import { type TrainingInputs, trainingPart, trainingPlan, trainingRows } from "./training-rows.ts";

/** What a model trained here on some training rows answers. */
export interface GrownAnswers {
  readonly answers: Int32Array;
  /** Row-major [rows, classes]. */
  readonly probabilities: Float64Array;
}

/** One size: for each shuffle of the training rows two models that have no row in common. */
export interface GrownSize {
  readonly trainingRows: number;
  readonly pairs: readonly (readonly [GrownAnswers, GrownAnswers])[];
}

export interface GrownLearner {
  readonly name: string;
  /** Trained on all of the rows. */
  readonly whole: GrownAnswers;
  /** From half of the rows down. */
  readonly sizes: readonly GrownSize[];
}

export interface Growing {
  /** The test rows that were answered, ascending. */
  readonly rows: Int32Array;
  /** The training rows that the largest models had, and those that there are. */
  readonly trainingRows: number;
  readonly ofTrainingRows: number;
  readonly learners: readonly GrownLearner[];
}

interface GrowingInputs extends TrainingInputs {
  readonly shuffles: number;
  readonly mostTrainingRows: number;
  readonly random: Random;
}

const mostTestRows = 10_000;
/** A half, a quarter and an eighth of the rows. */
const halvings = [1, 2, 3];

/** A stronger penalty than the baselines' and an early stop: as right on rows that it never saw, in a third of the time. */
const learners: readonly { readonly name: string; learn(set: TrainingSet): Fitted }[] = [
  { name: "logistic regression", learn: (set) => fitLogistic(set, { c: 0.1, tolerance: 1e-3 }) },
  { name: "deep tree", learn: (set) => fitTree(set, { maxDepth: 12, minLeaf: 10 }) },
];

export const growingRecipe = defineRecipe<GrowingInputs, Growing>({
  id: "growing",
  module: import.meta.url,
  async make({ shuffles, mostTrainingRows, random, ...inputs }, making) {
    const some = (label: string, most: number) => (rows: number) => random.fork(label).sample(rows, Math.min(most, rows)).sort();
    const choose = { train: some("training rows", mostTrainingRows), test: some("test rows", mostTestRows) };
    const { training, ofTrainingRows, rows, asked } = await trainingRows(inputs, making, choose);
    const { labels, table } = training;
    const orders = Array.from({ length: shuffles }, (_, at) => random.fork(`shuffle ${at}`).shuffle(places(table.rows)));
    const total = learners.length * (1 + orders.length * halvings.length * 2);
    let fits = 0;
    const grown = learners.map(({ name, learn }): GrownLearner => {
      const answersOf = (part: Int32Array): GrownAnswers => {
        making.progress(fits++, total, `training a ${name} on ${part.length} rows`);
        const { labels: answers, probabilities } = learn(trainingPart(training, part)).predict(asked);
        return { answers, probabilities };
      };
      const sizes = halvings.flatMap((halving): GrownSize[] => {
        const n = Math.floor(table.rows / 2 ** halving);
        const parts = orders.map((order) => [order.slice(0, n), order.slice(n, 2 * n)] as const);
        if (parts.flat().some((part) => new Set(part.map((row) => labels[row]!)).size < 2)) return [];
        return [{ trainingRows: n, pairs: parts.map(([first, second]) => [answersOf(first), answersOf(second)] as const) }];
      });
      return { name, whole: answersOf(places(table.rows)), sizes };
    });
    return { rows, trainingRows: table.rows, ofTrainingRows, learners: grown };
  },
});

const places = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);

const growingEffort: { readonly [B in Budget]: { readonly shuffles: number; readonly mostTrainingRows: number } } = {
  quick: { shuffles: 3, mostTrainingRows: 20_000 },
  standard: { shuffles: 5, mostTrainingRows: 50_000 },
  thorough: { shuffles: 8, mostTrainingRows: 200_000 },
};

/** What simple models answer that are trained here on growing parts of the training split. Of pictures they see a few pixels. */
export const growing = (label: string): Need<Growing> => ({
  per: "model",
  plan: (scope) => {
    const { shuffles, mostTrainingRows } = growingEffort[scope.budget];
    return trainingPlan(scope, (inputs) =>
      derive(growingRecipe, {
        ...inputs,
        shuffles: { kind: "budget", value: shuffles },
        mostTrainingRows: { kind: "budget", value: mostTrainingRows },
        random: { kind: "random", label },
      }),
    );
  },
  view: (seen) => seen as Growing,
});
