import { selectRows, type Table, type TableSource } from "../../data/index.ts";
import { labelIndices } from "../../models/index.ts";
import type { TrainingSet } from "../../training/index.ts";
import type { Making, Missing, Node, Scope } from "../define.ts";
import { engineOf } from "./engine.ts";
import { withPixels } from "./pixels.ts";
import { labelNode, ofDataset, splitNode, value, withoutFeatures } from "./splits.ts";

/** What simple models are trained on here, and answer. */
export interface TrainingInputs {
  readonly train: TableSource;
  readonly test: TableSource;
  readonly features: readonly string[];
  readonly label: string;
  readonly classes: readonly string[];
}

export interface TrainingRows {
  readonly training: TrainingSet;
  readonly ofTrainingRows: number;
  /** The test rows that are asked about, by their places in the split and as a table. */
  readonly rows: Int32Array;
  readonly asked: Table;
}

/** Reads those rows of both splits that are chosen of so many, ascending. Of pictures simple models see a few pixels. */
export async function trainingRows(
  { train, test, features, label, classes }: TrainingInputs,
  making: Making,
  choose: { train(rows: number): Int32Array; test(rows: number): Int32Array },
): Promise<TrainingRows> {
  const engine = await engineOf(making);
  const whole = await engine.read(train, [...features, label]);
  const shown = await withPixels(chosen(whole, choose.train(whole.rows)), features);
  const tested = await engine.read(test, [...features]);
  const rows = choose.test(tested.rows);
  const { table: asked } = await withPixels(chosen(tested, rows), features);
  return { training: trainingSet(shown.table, shown.features, label, classes), ofTrainingRows: whole.rows, rows, asked };
}

const trainingSet = (table: Table, features: readonly string[], label: string, classes: readonly string[]): TrainingSet => ({
  table,
  features,
  labels: labelIndices(table, label, classes),
  classes,
});

/** Some rows of what is trained on. */
export const trainingPart = ({ table, labels, ...rest }: TrainingSet, rows: Int32Array): TrainingSet =>
  rows.length === table.rows && isAscending(rows)
    ? { table, labels, ...rest }
    : { ...rest, table: selectRows(table, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };

const isAscending = (rows: Int32Array) => rows.every((row, at) => row === at);

const chosen = (table: Table, rows: Int32Array) => (rows.length === table.rows ? table : selectRows(table, rows));

/** The inputs of a recipe that trains simple models, or what is missing. */
export function trainingPlan(
  { model, dataset }: Scope,
  plan: (inputs: { readonly [K in keyof TrainingInputs]: Node | Missing }) => Node | Missing,
) {
  return ofDataset(dataset, (known) => {
    const { id, features } = known;
    if (features.length === 0) return withoutFeatures(known);
    const classes = model?.bindings[id]?.classes;
    if (classes === undefined)
      return { missing: "no model is measured on it", remedy: "Declare the model, with the datasets that trained it." };
    return plan({
      train: splitNode(known, "train"),
      test: splitNode(known, "test"),
      features: value([...features]),
      label: labelNode(known),
      classes: value([...classes]),
    });
  });
}
