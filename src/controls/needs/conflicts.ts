import type { Conflicts, TableSource } from "../../data/index.ts";
import { type Dataset, type SplitName, splitNames } from "../../declaration/index.ts";
import { defineRecipe, type Missing, type Need, type Node } from "../define.ts";
import { engineOf } from "./engine.ts";
import { derive, labelNode, ofDataset, splitNode, value } from "./splits.ts";

/** Rows with equal features and different labels, among some rows. */
export interface Conflicting {
  readonly rows: number;
  readonly conflicting: number;
  /** Sets of equal features with more than one label. */
  readonly groups: number;
  /** Rows that no model of these features answers right. */
  readonly beyond: number;
}

export interface AllConflicts {
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
  readonly rows: { readonly [split: string]: number };
};

const mostGroups = 40;

export const conflictsRecipe = defineRecipe<ConflictInputs, AllConflicts>({
  id: "conflicts",
  module: import.meta.url,
  async make({ features, label, artefacts, rows, ...sources }, making) {
    const engine = await engineOf(making);
    const given = splitNames.flatMap((split) => {
      const source = sources[split];
      return source === undefined ? [] : [{ split, source }];
    });
    const files = given.map(({ source }) => source);
    const { examples, ...all } = await engine.conflicts(files, features, label, { most: mostGroups });
    const splits = await Promise.all(
      given.map(async ({ split, source }) => ({
        split,
        ...counted(rows[split] ?? 0, await engine.conflicts([source], features, label, { most: 0 })),
      })),
    );
    const total = given.reduce((sum, { split }) => sum + (rows[split] ?? 0), 0);
    return {
      features: features.length,
      all: { ...counted(total, all), groupsAcross: all.groupsAcross },
      splits,
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
  const { id, features, splits } = dataset;
  if (features.length === 0) return { missing: `dataset ${id} has no feature columns`, remedy: "Declare fewer columns as `unused`." };
  const given = splitNames.filter((split) => splits[split] !== undefined);
  return derive(conflictsRecipe, {
    ...Object.fromEntries(given.map((split) => [split, splitNode(dataset, split)])),
    label: labelNode(dataset),
    features: value([...features]),
    artefacts: value(Object.fromEntries(given.map((split) => [split, splits[split]?.artefact ?? split]))),
    rows: value(Object.fromEntries(given.map((split) => [split, splits[split]?.rows ?? 0]))),
  });
}
