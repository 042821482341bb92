import { Problem } from "../base/index.ts";
import type { LossGraph } from "./loss-gradient.ts";

/** Labels and targets by the names of their inputs. Throws GRADIENT_INPUT unless there is one class of the model for each row. */
export function labelsGiven(
  graph: LossGraph,
  rows: number,
  labels: ArrayLike<number>,
  targets: ArrayLike<number> | undefined,
): Readonly<Record<string, ArrayLike<number>>> {
  if (graph.classes === 1) return { [graph.labels]: numbers(graph, rows, labels) };
  check(graph, rows, labels, "label");
  if (graph.targets === null) return { [graph.labels]: labels };
  check(graph, rows, targets ?? [], "target");
  return { [graph.labels]: labels, [graph.targets]: targets ?? [] };
}

/** The numbers that a regression should predict. */
function numbers({ program: { file } }: LossGraph, rows: number, given: ArrayLike<number>): ArrayLike<number> {
  const strange = Array.from(given).findIndex((value) => typeof value !== "number" || !Number.isFinite(value));
  const remedy = "Give one number for each row: what it should predict.";
  if (given.length !== rows) throw new Problem("GRADIENT_INPUT", `there are ${rows} rows and ${given.length} labels`, { file, remedy });
  if (strange >= 0) throw new Problem("GRADIENT_INPUT", `the label of row ${strange} is ${given[strange]}`, { file, remedy });
  return given;
}

function check({ classes, program }: LossGraph, rows: number, given: ArrayLike<number>, what: "label" | "target") {
  const fail = (why: string): never => {
    const remedy = `Give one ${what} for each row, a whole number from 0 to ${classes - 1}.`;
    throw new Problem("GRADIENT_INPUT", why, { file: program.file, remedy });
  };
  if (given.length !== rows) fail(`there are ${rows} rows and ${given.length} ${what}s`);
  for (let row = 0; row < rows; row++) {
    const value = given[row];
    if (!(Number.isInteger(value) && Number(value) >= 0 && Number(value) < classes))
      fail(`the ${what} of row ${row} is ${value}; the model has ${classes} classes`);
  }
}
