export { catalogue } from "./catalogue.ts";
export { type Evaluation, evaluate } from "./condition.ts";
export { type Addition, extended } from "./extend.ts";
export { type FactId, type Facts, factIds, type StakeholderId, stakeholderIds } from "./ids.ts";
export { cellId, cellsOfClaim, claimById, requirementsOfClaim } from "./look-up.ts";
export { checkReferences, type Fault } from "./references.ts";
export {
  type Catalogue,
  type Cell,
  type Claim,
  type ClaimId,
  type Condition,
  catalogueSchema,
  claimSchema,
  type Fact,
  type Requirement,
  type RequirementId,
  type Stage,
  type StageId,
  type Stakeholder,
  type Threat,
  type ThreatId,
} from "./schema.ts";
