export { bindModel, type DeclaredBinding } from "./bind.ts";
export { describeModel } from "./describe.ts";
export { classIndex, labelIndices, labelKey } from "./labels.ts";
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
  type PredictionsBinding,
  type PredictOptions,
} from "./model.ts";
export { openModel } from "./open.ts";
export { type Keys, matched } from "./predictions/match.ts";
