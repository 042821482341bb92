export { bindModel, type DeclaredBinding } from "./bind.ts";
export { describeModel } from "./describe.ts";
export {
  type Access,
  type Address,
  accountOf,
  type Credential,
  type EndpointBinding,
  hostOf,
  type Mapping,
  type ProtocolName,
  protocolNames,
} from "./endpoint/binding.ts";
export { type Contact, type Contacting, contactEndpoint } from "./endpoint/contact.ts";
export { openLedger } from "./endpoint/ledger.ts";
export { type Load, type LoadTimes, measureLoad } from "./endpoint/load.ts";
export { isLoopback } from "./endpoint/loopback.ts";
export { marksIn } from "./endpoint/protocols/mapping.ts";
export { pointerPattern } from "./endpoint/protocols/pointer.ts";
export { proxyVariables } from "./endpoint/proxy.ts";
export { type Alternative, alternativesTo, asPreparedBy, describePreparation, type Preparation } from "./images/index.ts";
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
