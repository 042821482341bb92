import { type Column, type Conflicts, type Engine, type SplitName, splitNames, type TableSource } from "../../data/index.ts";
import type { Dataset } from "../../declaration/index.ts";
import { defineRecipe, type Missing, type Need, type Node } from "../define.ts";
import { engineOf } from "./engine.ts";
import { isQuantity } from "./labels.ts";
import { derive, labelNode, ofDataset, splitNode, value, withoutFeatures } from "./splits.ts";

/** Rows with equal features and different labels, among some rows. */
export interface Conflicting {
  /** Those with a label. */
  readonly rows: number;
  readonly conflicting: number;
  /** Sets of equal features with more than one label. */
  readonly groups: number;
  /** Rows that no model of these features answers right. */
  readonly beyond: number;
}

/** Rows of all splits with equal features and different labels. */
export interface AllConflicts {
  /** The label is a quantity: that equal rows bear different ones is no contradiction. */
  readonly isQuantity: boolean;
  readonly features: number;
  /** Over all splits together. */
  readonly all: Conflicting & { readonly groupsAcross: number };
  readonly splits: readonly (Conflicting & { readonly split: SplitName })[];
  /** The first sets, some rows of each; rows with the same `label` number bear the same label, which is not told. */
  readonly examples: readonly (readonly { readonly artefact: string; readonly row: number; readonly label: number }[])[];
}

type Sources = { readonly [S in SplitName]?: TableSource };
type ConflictInputs = Sources & {
  readonly features: readonly string[];
  readonly label: string;
  readonly artefacts: { readonly [split: string]: string };
};

const mostGroups = 40;

export const conflictsRecipe = defineRecipe<ConflictInputs, AllConflicts>({
  id: "conflicts",
  module: import.meta.url,
  async make({ features, label, artefacts, ...sources }, making) {
    const engine = await engineOf(making);
    const given = splitNames.flatMap((split) => {
      const source = sources[split];
      return source === undefined ? [] : [{ split, source }];
    });
    const files = given.map(({ source }) => source);
    const { examples, ...all } = await engine.conflicts(files, features, label, { most: mostGroups });
    const splits = await Promise.all(
      given.map(async ({ split, source }) => {
        const [found, labels] = [await engine.conflicts([source], features, label, { most: 0 }), await labelsOf(engine, source, label)];
        return { split, isQuantity: isQuantity(labels), ...counted(labelled(labels), found) };
      }),
    );
    const total = splits.reduce((sum, { rows }) => sum + rows, 0);
    return {
      isQuantity: splits.some((split) => split.isQuantity),
      features: features.length,
      all: { ...counted(total, all), groupsAcross: all.groupsAcross },
      splits: splits.map(({ isQuantity: _, ...split }) => split),
      examples: examples.map((group) => {
        const labels = [...new Set(group.map((row) => row.label))];
        return group.map(({ source, row, label: own }) => {
          const split = given[source]?.split ?? "";
          return { artefact: artefacts[split] ?? split, row, label: labels.indexOf(own) };
        });
      }),
    };
  },
});

async function labelsOf(engine: Engine, source: TableSource, label: string): Promise<Column> {
  const column = (await engine.read(source, [label])).columns[label];
  if (column === undefined) throw new Error(`the engine did not read ${label}`);
  return column;
}

const labelled = (labels: Column) =>
  labels.kind === "text"
    ? labels.codes.reduce((sum, code) => sum + (code < 0 ? 0 : 1), 0)
    : labels.values.reduce((sum, each) => sum + (Number.isNaN(each) ? 0 : 1), 0);

const counted = (rows: number, found: Omit<Conflicts, "examples">): Conflicting => ({
  rows,
  conflicting: found.rows,
  groups: found.groups,
  beyond: found.minority,
});

/** Rows of all splits with equal features and different labels. */
export const conflicts = (): Need<AllConflicts> => ({
  per: "dataset",
  plan: ({ dataset }) => ofDataset(dataset, planConflicts),
  view: (seen) => seen as AllConflicts,
});

function planConflicts(dataset: Dataset): Node | Missing {
  const { features, splits } = dataset;
  if (features.length === 0) return withoutFeatures(dataset);
  const given = splitNames.filter((split) => splits[split] !== undefined);
  return derive(conflictsRecipe, {
    ...Object.fromEntries(given.map((split) => [split, splitNode(dataset, split)])),
    label: labelNode(dataset),
    features: value([...features]),
    artefacts: value(Object.fromEntries(given.map((split) => [split, splits[split]?.artefact ?? split]))),
  });
}
