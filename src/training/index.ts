export { dense, type Encoded, type Encoder, fitEncoder } from "./encoder.ts";
export { fitLogistic, type LogisticOptions, type LogisticParameters } from "./logistic.ts";
export { fitMajority } from "./majority.ts";
export { fitNeighbours, type NeighboursOptions } from "./neighbours.ts";
export type { Answers, Fitted, Progress, TrainingSet } from "./training.ts";
export { fitTree, type TreeOptions } from "./tree.ts";
