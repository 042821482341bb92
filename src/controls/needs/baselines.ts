import { selectRows, type Table, type TableSource } from "../../data/index.ts";
import { labelIndices } from "../../models/index.ts";
import { type Fitted, fitLogistic, fitMajority, fitNeighbours, fitTree, type TrainingSet } from "../../training/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { evenRows } from "../shared/scores/rows.ts";
import { engineOf } from "./engine.ts";
import { withPixels } from "./pixels.ts";
import { derive, labelNode, ofDataset, splitNode, value, withoutFeatures } from "./splits.ts";

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

interface BaselineInputs {
  readonly train: TableSource;
  readonly test: TableSource;
  readonly features: readonly string[];
  readonly label: string;
  readonly classes: readonly string[];
}

/** More rows than these are thinned out evenly: simple models gain little from more, and neighbours take time with the product of both. */
const mostTrainingRows = 50_000;
const mostNeighbours = 20_000;
const mostTestRows = 10_000;

export const baselinesRecipe = defineRecipe<BaselineInputs, Baselines>({
  id: "baselines",
  module: import.meta.url,
  async make({ train, test, features, label, classes }, making) {
    const engine = await engineOf(making);
    const whole = await engine.read(train, [...features, label]);
    const shown = await withPixels(thinned(whole, evenRows(whole.rows, mostTrainingRows)), features);
    const training = setOf(shown.table, shown.features, label, classes);
    const near = setOf(thinned(training.table, evenRows(training.table.rows, mostNeighbours)), shown.features, label, classes);
    const all = await engine.read(test, [...features]);
    const rows = evenRows(all.rows, mostTestRows);
    const { table: asked } = await withPixels(thinned(all, rows), features);
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
    return { classes, rows, trainingRows: training.table.rows, baselines };
  },
});

const setOf = (table: Table, features: readonly string[], label: string, classes: readonly string[]): TrainingSet => ({
  table,
  features,
  labels: labelIndices(table, label, classes),
  classes,
});

const thinned = (table: Table, rows: Int32Array) => (rows.length === table.rows ? table : selectRows(table, rows));

/** What the most frequent class, a logistic regression, a shallow tree and nearest neighbours, all trained here on the training split, answer on the test split. Of pictures they see a few pixels. */
export const baselines = (): Need<Baselines> => ({
  per: "model",
  plan: ({ model, dataset }) =>
    ofDataset(dataset, (known) => {
      const { id, features } = known;
      if (features.length === 0) return withoutFeatures(known);
      const classes = model?.bindings[id]?.classes;
      if (classes === undefined)
        return { missing: "no model is measured on it", remedy: "Declare the model, with the datasets that trained it." };
      return derive(baselinesRecipe, {
        train: splitNode(known, "train"),
        test: splitNode(known, "test"),
        features: value([...features]),
        label: labelNode(known),
        classes: value([...classes]),
      });
    }),
  view: (seen) => seen as Baselines,
});
