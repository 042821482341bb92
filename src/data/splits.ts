/** In the order in which they are used. */
export const splitNames = ["train", "evaluation", "test"] as const;
/** A part of a dataset, by what it was used for. */
export type SplitName = (typeof splitNames)[number];
