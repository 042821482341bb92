import type { Need } from "../../define.ts";
import { ofDataset, value } from "../splits.ts";

/** Whether values of rows are not to be repeated: unless the dataset is declared to be about nobody who could be identified. */
export const personalValues = (): Need<boolean> => ({
  per: "dataset",
  plan: ({ dataset }) => ofDataset(dataset, ({ declared: { personal } }) => value(personal !== false)),
  view: (seen) => seen as boolean,
});
