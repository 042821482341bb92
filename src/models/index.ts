export { bindModel, type DeclaredBinding } from "./bind.ts";
export { describeModel } from "./describe.ts";
export { classIndex, labelIndices } from "./labels.ts";
export { type Latency, measureLatency } from "./latency.ts";
export {
  type Answers,
  columnsOf,
  type Gives,
  givesOf,
  type Model,
  type ModelBinding,
  type ModelFacts,
  type OnnxBinding,
  type OpenOptions,
  type Port,
  type PredictOptions,
} from "./model.ts";
export { openModel } from "./open.ts";
