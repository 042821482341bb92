import type { Random } from "../../base/index.ts";
import { selectRows, type TableSource } from "../../data/index.ts";
import { labelIndices } from "../../models/index.ts";
import { type Fitted, fitLogistic, fitTree, type TrainingSet } from "../../training/index.ts";
import { type Budget, defineRecipe, type Need } from "../define.ts";
import { engineOf } from "./engine.ts";
import { withPixels } from "./pixels.ts";
import { derive, labelNode, ofDataset, splitNode, value, withoutFeatures } from "./splits.ts";

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

interface GrowingInputs {
  readonly train: TableSource;
  readonly test: TableSource;
  readonly features: readonly string[];
  readonly label: string;
  readonly classes: readonly string[];
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
  async make({ train, test, features, label, classes, shuffles, mostTrainingRows, random }, making) {
    const engine = await engineOf(making);
    const all = await engine.read(train, [...features, label]);
    const chosen = random.fork("training rows").sample(all.rows, Math.min(mostTrainingRows, all.rows));
    const whole = selectRows(all, chosen.sort());
    const { table: training, features: shown } = await withPixels(whole, features);
    const asked = await engine.read(test, [...features]);
    const rows = random.fork("test rows").sample(asked.rows, Math.min(mostTestRows, asked.rows)).sort();
    const { table: some } = await withPixels(selectRows(asked, rows), features);
    const labels = labelIndices(training, label, classes);
    const orders = Array.from({ length: shuffles }, (_, at) => random.fork(`shuffle ${at}`).shuffle(places(training.rows)));
    const total = learners.length * (1 + orders.length * halvings.length * 2);
    let fits = 0;
    const grown = learners.map(({ name, learn }): GrownLearner => {
      const answersOf = (part: Int32Array): GrownAnswers => {
        making.progress(fits++, total, `training a ${name} on ${part.length} rows`);
        const fitted = learn({
          table: selectRows(training, part),
          features: shown,
          labels: Int32Array.from(part, (row) => labels[row]!),
          classes,
        });
        const { labels: answers, probabilities } = fitted.predict(some);
        return { answers, probabilities };
      };
      const sizes = halvings.flatMap((halving): GrownSize[] => {
        const n = Math.floor(training.rows / 2 ** halving);
        const parts = orders.map((order) => [order.slice(0, n), order.slice(n, 2 * n)] as const);
        if (parts.flat().some((part) => new Set(part.map((row) => labels[row]!)).size < 2)) return [];
        return [{ trainingRows: n, pairs: parts.map(([first, second]) => [answersOf(first), answersOf(second)] as const) }];
      });
      return { name, whole: answersOf(places(training.rows)), sizes };
    });
    return { rows, trainingRows: training.rows, ofTrainingRows: all.rows, learners: grown };
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
  plan: ({ model, dataset, budget }) =>
    ofDataset(dataset, (known) => {
      const { id, features } = known;
      if (features.length === 0) return withoutFeatures(known);
      const classes = model?.bindings[id]?.classes;
      if (classes === undefined)
        return { missing: "no model is measured on it", remedy: "Declare the model, with the datasets that trained it." };
      const { shuffles, mostTrainingRows } = growingEffort[budget];
      return derive(growingRecipe, {
        train: splitNode(known, "train"),
        test: splitNode(known, "test"),
        features: value([...features]),
        label: labelNode(known),
        classes: value([...classes]),
        shuffles: { kind: "budget", value: shuffles },
        mostTrainingRows: { kind: "budget", value: mostTrainingRows },
        random: { kind: "random", label },
      });
    }),
  view: (seen) => seen as Growing,
});
