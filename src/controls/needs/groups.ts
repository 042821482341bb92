import type { Column, SplitName, TableSource } from "../../data/index.ts";
import { quantiles } from "../../tensor/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { shortEdge, shortEnds, shortNumbers } from "../shared/short-numbers.ts";
import { engineOf } from "./engine.ts";
import { derive, ofDataset, splitNode, value, withoutFeatures } from "./splits.ts";

/** A sensitive column: who belongs to which group. Missing values are a group of their own, so that nobody drops out unseen. */
export interface Grouping {
  readonly column: string;
  readonly groups: readonly string[];
  /** Index into groups, per row. */
  readonly members: Int32Array;
  /** The column is a quantity: it has no groups, and nobody is a member of one. */
  readonly isQuantity?: true;
}

export const missingGroup = "(missing)";
/** A number with more values than this is cut at its quartiles: an age becomes four age groups. */
const mostNumericGroups = 10;

export const groupsRecipe = defineRecipe<{ split: TableSource; columns: readonly string[] }, readonly Grouping[]>({
  id: "groups",
  module: import.meta.url,
  async make({ split, columns }, making) {
    const table = await (await engineOf(making)).read(split, [...columns]);
    return columns.flatMap((name) => {
      const column = table.columns[name];
      return column === undefined ? [] : [groupingOf(name, column)];
    });
  },
});

/** Groups by a column's values: texts as they are, numbers by value when few, else by quartile. */
export function groupingOf(name: string, column: Column): Grouping {
  const names =
    column.kind === "text" ? Array.from(column.codes, (code) => column.categories[code] ?? missingGroup) : numberGroups(column.values);
  const present = new Set(names);
  const groups = column.kind === "text" ? [...present].sort() : [...present];
  const index = new Map(groups.map((group, at) => [group, at]));
  return { column: name, groups, members: Int32Array.from(names, (group) => index.get(group) ?? -1) };
}

function numberGroups(values: Float64Array): string[] {
  const present = values.filter((each) => !Number.isNaN(each));
  const distinct = [...new Set(present)];
  if (distinct.length <= mostNumericGroups) {
    const shown = shortNumbers(distinct);
    return Array.from(values, (each) => shown[distinct.indexOf(each)] ?? missingGroup);
  }
  const [low = 0, first = 0, middle = 0, third = 0, high = 0] = quantiles(present, [0, 0.25, 0.5, 0.75, 1]);
  // Where a quarter or more of the rows hold the lowest value (no capital gain), the others are not thrown together with them.
  const above = first === low ? leastAbove(present, low) : first;
  const edges = [above, middle, third].filter((edge, at, all) => edge > low && all.indexOf(edge) === at).sort((a, b) => a - b);
  const [start, end] = shortEnds(low, high);
  const starts = [start, ...edges.map((edge) => shortEdge(greatestBelow(present, edge), edge))];
  const labels = starts.map((from, at) => (at < edges.length ? `${from} to below ${starts[at + 1]}` : `${from} to ${end}`));
  return Array.from(values, (each) =>
    Number.isNaN(each) ? missingGroup : (labels[edges.filter((edge) => each >= edge).length] ?? missingGroup),
  );
}

const leastAbove = (values: Float64Array, low: number) =>
  values.reduce((least, each) => (each > low && each < least ? each : least), Number.POSITIVE_INFINITY);

const greatestBelow = (values: Float64Array, edge: number) =>
  values.reduce((greatest, each) => (each < edge && each > greatest ? each : greatest), Number.NEGATIVE_INFINITY);

/** All feature columns of a split and its sensitive ones, cut into groups in the same way: where a model may be weak. */
export const columnGroups = ({ split }: { split: SplitName }): Need<readonly Grouping[]> => ({
  per: "dataset",
  plan: ({ dataset }) =>
    ofDataset(dataset, (known) => {
      const pictures = new Set(known.columns.filter(({ kind }) => kind === "image").map(({ name }) => name));
      const columns = [...new Set([...known.features, ...(known.declared.sensitive ?? [])])].filter((name) => !pictures.has(name));
      return columns.length === 0
        ? {
            missing: `dataset ${known.id} has no columns to cut into groups`,
            remedy:
              pictures.size > 0
                ? "Give the pictures an index with columns that describe them, such as the camera or the place."
                : withoutFeatures(known).remedy,
          }
        : derive(groupsRecipe, { split: splitNode(known, split), columns: value(columns) });
    }),
  view: (seen) => seen as readonly Grouping[],
});

/** The declared sensitive columns of a split. */
export const sensitiveColumns = ({ split }: { split: SplitName }): Need<readonly Grouping[]> => ({
  per: "dataset",
  plan: ({ dataset }) =>
    ofDataset(dataset, ({ id, declared: { sensitive = [] } }) =>
      sensitive.length === 0
        ? { missing: `dataset ${id} declares no sensitive columns`, remedy: "Name them: `sensitive: [COLUMN, ...]`." }
        : derive(groupsRecipe, { split: splitNode(dataset, split), columns: value(sensitive) }),
    ),
  view: (seen) => seen as readonly Grouping[],
});
