import type { TableSource } from "../../data/index.ts";
import type { Dataset } from "../../declaration/index.ts";
import { defineRecipe, type Missing, type Need, type Node } from "../define.ts";
import { engineOf } from "./engine.ts";
import { derive, ofDataset, splitNode, value, withoutFeatures } from "./splits.ts";

/** Rows of a split that also stand in the training split. */
export interface Shared {
  readonly split: "evaluation" | "test";
  readonly artefact: string;
  readonly rows: number;
  /** Rows equal to a training row in all features. */
  readonly byFeatures: number;
  /** Rows equal in the label as well; null where no label is declared. */
  readonly byAll: number | null;
  /** The first of them, each with the first training row that it equals; by features alone where there is no label. */
  readonly pairs: readonly { readonly row: number; readonly trainingRow: number }[];
}

/** How far the splits of a dataset share rows. */
export interface Overlaps {
  readonly features: number;
  /** Training rows that equal another training row: how often rows of this table are alike without any leak between splits. */
  readonly training: {
    readonly artefact: string;
    readonly rows: number;
    readonly twinsByFeatures: number;
    readonly twinsByAll: number | null;
  };
  readonly splits: readonly Shared[];
}

interface OverlapInputs {
  readonly train: TableSource;
  readonly test?: TableSource;
  readonly evaluation?: TableSource;
  readonly features: readonly string[];
  readonly label: string | null;
  readonly artefacts: { readonly [split: string]: string };
  readonly rows: number;
}

const mostPairs = 50;

export const overlapRecipe = defineRecipe<OverlapInputs, Overlaps>({
  id: "overlap",
  module: import.meta.url,
  async make({ features, label, artefacts, rows, train, ...others }, making) {
    const engine = await engineOf(making);
    const all = label === null ? null : [...features, label];
    const twins = async (columns: readonly string[]) => {
      const { groups, rows: repeats } = await engine.duplicates(train, columns, { most: 0 });
      return groups + repeats;
    };
    const splits: Shared[] = [];
    for (const split of ["test", "evaluation"] as const) {
      const source = others[split];
      if (source === undefined) continue;
      making.progress(splits.length, 2, `comparing the ${split} split`);
      const alike = await engine.overlap(train, source, features, { most: mostPairs });
      const same = all === null ? alike : await engine.overlap(train, source, all, { most: mostPairs });
      splits.push({
        split,
        artefact: artefacts[split] ?? split,
        rows: alike.bRows,
        byFeatures: alike.rows,
        byAll: all === null ? null : same.rows,
        pairs: same.pairs.map(({ a, b }) => ({ row: b, trainingRow: a })),
      });
    }
    const training = {
      artefact: artefacts.train ?? "train",
      rows,
      twinsByFeatures: await twins(features),
      twinsByAll: all === null ? null : await twins(all),
    };
    return { features: features.length, training, splits };
  },
});

/** Rows of the evaluation and test splits that also stand in the training split, compared over the dataset's features. */
export const overlaps = (): Need<Overlaps> => ({
  per: "dataset",
  plan: ({ dataset }) => ofDataset(dataset, planOverlap),
  view: (seen) => seen as Overlaps,
});

function planOverlap(dataset: Dataset): Node | Missing {
  const { id, features, splits, declared } = dataset;
  if (features.length === 0) return withoutFeatures(dataset);
  const held = (["test", "evaluation"] as const).filter((split) => splits[split] !== undefined);
  if (held.length === 0) {
    return { missing: `dataset ${id} has no evaluation or test split`, remedy: "Declare its file: `splits: { test: FILE }`." };
  }
  const names = Object.fromEntries(Object.entries(splits).map(([name, split]) => [name, split.artefact]));
  return derive(overlapRecipe, {
    train: splitNode(dataset, "train"),
    ...Object.fromEntries(held.map((split) => [split, splitNode(dataset, split)])),
    features: value([...features]),
    label: value(declared.label ?? null),
    artefacts: value(names),
    rows: value(splits.train?.rows ?? 0),
  });
}
