import type { Json } from "../../base/index.ts";
import type { SplitName, TableSource } from "../../data/index.ts";
import type { Dataset } from "../../declaration/index.ts";
import { isMissing, type Missing, type Need, type Node } from "../define.ts";

type Planned = Node | Missing;

/** A derived artefact from its recipe and inputs; the first input that is missing makes it missing. */
export function derive(recipe: { readonly id: string }, inputs: { readonly [name: string]: Planned }): Planned {
  const found: Record<string, Node> = {};
  for (const [name, input] of Object.entries(inputs)) {
    if (isMissing(input)) return input;
    found[name] = input;
  }
  return { kind: "derived", recipe: recipe.id, inputs: found };
}

export const value = (given: Json): Node => ({ kind: "value", value: given });

const noDataset: Missing = { missing: "no dataset is declared", remedy: "Declare it under `datasets`, with its splits and its label." };

/** What the declaration says of the dataset, or that there is none. */
export function ofDataset(dataset: Dataset | undefined, plan: (dataset: Dataset) => Planned): Planned {
  return dataset === undefined ? noDataset : plan(dataset);
}

/** That a dataset has no column which a model could see, and what to do: where none is declared as unused, the table holds none. */
export const withoutFeatures = ({ id, declared }: Dataset): Missing => ({
  missing: `dataset ${id} has no feature columns`,
  remedy:
    (declared.unused ?? []).length > 0
      ? "Declare fewer columns as `unused`."
      : "Add the columns to its files that the model's answers rest on.",
});

/** A split's file. */
export const splitNode = (dataset: Dataset | undefined, split: SplitName): Planned =>
  ofDataset(dataset, ({ id, splits }) => {
    const found = splits[split];
    if (found === undefined)
      return { missing: `dataset ${id} has no ${split} split`, remedy: `Declare its file: \`splits: { ${split}: FILE }\`.` };
    const { path, ...reading } = found.source;
    const open: TableSource = { path, ...reading };
    return { kind: "artefact", id: found.artefact, digest: found.digest, reading: { ...reading }, open };
  });

/** The label column's name. */
export const labelNode = (dataset: Dataset | undefined): Planned =>
  ofDataset(dataset, ({ id, declared: { label } }) =>
    label === undefined
      ? { missing: `dataset ${id} declares no label`, remedy: "Name the column that the model predicts: `label: COLUMN`." }
      : value(label),
  );

/** What the split is called among the artefacts, for findings that speak of it. */
export const artefactOf = ({ split }: { split: SplitName }): Need<string> => ({
  per: "dataset",
  plan: ({ dataset }) => {
    const node = splitNode(dataset, split);
    return isMissing(node) || node.kind !== "artefact" ? node : value(node.id);
  },
  view: (seen) => seen as string,
});

/** The label that people wish for; group fairness has no meaning without one. */
export const favourableLabel = (): Need<string> => ({
  per: "dataset",
  plan: ({ dataset }) =>
    ofDataset(dataset, ({ id, declared: { favourable } }) =>
      favourable === undefined
        ? { missing: `dataset ${id} does not say which label people wish for`, remedy: "Declare it: `favourable: LABEL`." }
        : value(String(favourable)),
    ),
  view: (seen) => seen as string,
});

/** The same, or null where none is declared. */
export const favourableOrNone = (): Need<string | null> => ({
  per: "dataset",
  plan: ({ dataset }) => ofDataset(dataset, ({ declared: { favourable } }) => value(favourable === undefined ? null : String(favourable))),
  view: (seen) => seen as string | null,
});
