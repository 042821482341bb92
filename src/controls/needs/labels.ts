import type { Column, SplitName, TableSource } from "../../data/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { engineOf } from "./engine.ts";
import { type Grouping, missingGroup } from "./groups.ts";
import { derive, labelNode, ofDataset, splitNode, value } from "./splits.ts";

export const labelsRecipe = defineRecipe<{ split: TableSource; label: string }, Grouping>({
  id: "labels",
  module: import.meta.url,
  async make({ split, label }, making) {
    const table = await (await engineOf(making)).read(split, [label]);
    const column = table.columns[label];
    if (column === undefined) throw new Error(`the engine did not read ${label}`);
    return classesOf(label, column);
  },
});

/** More different numbers than these, not all of them whole, are no codes of classes. */
const mostFractions = 100;

/** Whether a label is a quantity, as of a regression, and not one of classes. */
export function isQuantity(values: Column): boolean {
  if (values.kind === "text") return false;
  const seen = new Set<number>();
  let whole = true;
  for (const each of values.values) {
    if (Number.isNaN(each)) continue;
    whole &&= Number.isInteger(each);
    if (seen.size <= mostFractions) seen.add(each);
    if (!whole && seen.size > mostFractions) return true;
  }
  return false;
}

/** Every value is a class of its own, numbers too, in the order of their first rows; rows without a label are `(missing)`. A quantity has no classes. */
export function classesOf(column: string, values: Column): Grouping {
  if (isQuantity(values)) return { column, groups: [], members: new Int32Array(0), isQuantity: true };
  const names =
    values.kind === "text"
      ? Array.from(values.codes, (code) => values.categories[code] ?? missingGroup)
      : Array.from(values.values, (each) => (Number.isNaN(each) ? missingGroup : String(each)));
  const groups = [...new Set(names)];
  const index = new Map(groups.map((name, at) => [name, at]));
  return { column, groups, members: Int32Array.from(names, (name) => index.get(name) ?? -1) };
}

/** The label of each row of a split. */
export const labels = ({ split }: { split: SplitName }): Need<Grouping> => ({
  per: "dataset",
  plan: ({ dataset }) => derive(labelsRecipe, { split: splitNode(dataset, split), label: labelNode(dataset) }),
  view: (seen) => seen as Grouping,
});

/** Declared shares of values among the people that the system is for, by column. */
export interface Population {
  readonly [column: string]: { readonly [value: string]: number };
}

/** What the dataset declares of its population: empty when it declares nothing. */
export const population = (): Need<Population> => ({
  per: "dataset",
  plan: ({ dataset }) => ofDataset(dataset, ({ declared }) => value(declared.population ?? {})),
  view: (seen) => seen as Population,
});
