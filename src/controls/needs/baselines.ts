import { type Fitted, fitLogistic, fitMajority, fitNeighbours, fitTree } from "../../training/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { evenRows } from "../shared/scores/rows.ts";
import { derive } from "./splits.ts";
import { type TrainingInputs, trainingPart, trainingPlan, trainingRows } from "./training-rows.ts";

/** What one simple model answers. */
export interface Baseline {
  readonly name: Fitted["name"];
  readonly answers: Int32Array;
  /** Row-major [rows, classes]. */
  readonly probabilities: Float64Array;
}

/** What simple models, trained here, answer on the test split. */
export interface Baselines {
  readonly classes: readonly string[];
  /** The test rows that were answered, ascending: all of them, unless there are very many. */
  readonly rows: Int32Array;
  readonly trainingRows: number;
  readonly baselines: readonly Baseline[];
}

/** More rows than these are thinned out evenly: simple models gain little from more, and neighbours take time with the product of both. */
const mostTrainingRows = 50_000;
const mostNeighbours = 20_000;
const mostTestRows = 10_000;

export const baselinesRecipe = defineRecipe<TrainingInputs, Baselines>({
  id: "baselines",
  module: import.meta.url,
  async make(inputs, making) {
    const thinned = (most: number) => (rows: number) => evenRows(rows, most);
    const choose = { train: thinned(mostTrainingRows), test: thinned(mostTestRows) };
    const { training, rows, asked } = await trainingRows(inputs, making, choose);
    const near = trainingPart(training, evenRows(training.table.rows, mostNeighbours));
    const { progress } = making;
    const learners: readonly (() => Fitted)[] = [
      () => fitMajority(training),
      () => fitLogistic(training, { progress }),
      () => fitTree(training),
      () => fitNeighbours(near),
    ];
    const baselines = learners.map((learn): Baseline => {
      const fitted = learn();
      const { labels, probabilities } = fitted.predict(asked, progress);
      return { name: fitted.name, answers: labels, probabilities };
    });
    return { classes: inputs.classes, rows, trainingRows: training.table.rows, baselines };
  },
});

/** What the most frequent class, a logistic regression, a shallow tree and nearest neighbours, all trained here on the training split, answer on the test split. Of pictures they see a few pixels. */
export const baselines = (): Need<Baselines> => ({
  per: "model",
  plan: (scope) => trainingPlan(scope, (inputs) => derive(baselinesRecipe, inputs)),
  view: (seen) => seen as Baselines,
});
