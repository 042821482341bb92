import { type Column, selectRows, type Table } from "../../../data/index.ts";
import { fitTree } from "../../../training/index.ts";

/**
 * How likely a shallow tree, trained here on training rows and as many made ones, holds other rows to be made: the test rows, and the half of the made ones that it was not trained
 * on. Whether rows are unlike the training data at all is a matter of fact, and not of how they were meant. `made` has the categories of `training`.
 */
export function toldApart(
  training: Table,
  made: Table,
  test: Table,
  features: readonly string[],
): { usual: Float64Array; made: Float64Array } {
  const half = Math.ceil(made.rows / 2);
  const [first, second] = [rowsFrom(0, half), rowsFrom(half, made.rows)];
  const tree = fitTree({
    table: joined(training, selectRows(made, first)),
    features,
    labels: Int32Array.from({ length: training.rows + first.length }, (_, row) => (row < training.rows ? 0 : 1)),
    classes: ["training", "made"],
  });
  const scores = (table: Table) => tree.predict(table).probabilities.filter((_, at) => at % 2 === 1);
  return { usual: scores(test), made: scores(selectRows(made, second)) };
}

const rowsFrom = (from: number, to: number) => Int32Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

/** Two tables of the same columns and categories, one after the other. */
function joined(first: Table, second: Table): Table {
  const columns: Record<string, Column> = Object.create(null);
  for (const [name, column] of Object.entries(first.columns)) {
    const other = second.columns[name];
    if (column.kind === "number" && other?.kind === "number")
      columns[name] = { kind: "number", values: Float64Array.of(...column.values, ...other.values) };
    if (column.kind === "text" && other?.kind === "text")
      columns[name] = { ...column, codes: Int32Array.of(...column.codes, ...other.codes) };
  }
  return { rows: first.rows + second.rows, columns };
}
