/**
 * Sextant as a library: assess a declared system, write its reports, define controls of your own.
 *
 * @packageDocumentation
 */
export type {
  Artefact,
  Assessment,
  CellState,
  ClaimState,
  Ended,
  Level,
  NextStep,
  Outcome,
  Planned,
  PolicyValue,
  Progress,
  RequirementState,
  Result,
  Status,
} from "../assess/index.ts";
export { type Place, Problem, type ProblemCode, Problems, problemsOf } from "../base/index.ts";
export { type Catalogue, type Cell, type Claim, catalogue, type Requirement } from "../catalogue/index.ts";
export type * from "../controls/index.ts";
export {
  auc,
  baselines,
  bootstrap,
  calibrationError,
  clopperPearson,
  conflicts,
  count,
  declared,
  defineControl,
  differenceOf,
  effort,
  exactBinomialLower,
  exactBinomialUpper,
  favourableLabel,
  favourableOrNone,
  inapplicable,
  labels,
  mean,
  met,
  metrics,
  modelBytes,
  number,
  optional,
  overlaps,
  percent,
  points,
  population,
  predictions,
  quantileInterval,
  quantiles,
  randomness,
  ratioOf,
  scoredPredictions,
  sensitiveColumns,
  simultaneousDifferences,
  simultaneousRatios,
  success,
  successOrBalance,
  undecided,
  unmet,
  wilson,
} from "../controls/index.ts";
export type { ReportFormat } from "../report/index.ts";
export { type AssessEvent, type AssessOptions, assess, lastAssessment, plan, report } from "./assess.ts";
