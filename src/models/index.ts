export { bindModel, type DeclaredBinding } from "./bind.ts";
export { describeModel } from "./describe.ts";
export { classIndex, labelIndices } from "./labels.ts";
export { type Latency, measureLatency } from "./latency.ts";
export type { Answers, ModelBinding, ModelFacts, Port } from "./model.ts";
export { type Model, openModel, type PredictOptions } from "./open.ts";
