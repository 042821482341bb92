export { credentialNames } from "./credentials.ts";
export { exposedCredentials } from "./exposed.ts";
export { factsOf, threatsOf } from "./facts.ts";
export { exportLines, type ForeignExport } from "./foreign/index.ts";
export type { GivenColumns } from "./init/answers/guess.ts";
export { proposePredictions } from "./init/predictions.ts";
export { type Proposal, proposeDeclaration } from "./init/propose.ts";
export type { EndpointQuestion, Inspect, InspectEndpoints } from "./inspect.ts";
export { declarationJsonSchema } from "./json-schema.ts";
export { locate } from "./paths.ts";
export { type Read, readDeclaration } from "./read.ts";
export { resolveSystem } from "./resolve.ts";
export { aboutEndpoint } from "./resolve-endpoint.ts";
export type { DatasetDeclaration, Declaration, ModelDeclaration } from "./schema.ts";
export type {
  Dataset,
  EndpointState,
  Model,
  Service,
  Split,
  System,
} from "./system.ts";
export { filesOfTable } from "./tables.ts";
export { wrongPart } from "./wording.ts";
