/** What a control is written with, by us and by a project of its own: nothing here reads a file, starts a process or looks at a clock. */

export {
  type Answered,
  auc,
  type BootstrapOptions,
  bootstrap,
  type Calibration,
  type CalibrationBin,
  type CalibrationOptions,
  type Count,
  calibrationError,
  clopperPearson,
  differenceOf,
  exactBinomialLower,
  exactBinomialUpper,
  type Interval,
  type JointOptions,
  type JointPairs,
  type Metric,
  type MetricName,
  mean,
  metrics,
  type NamedCount,
  type Pair,
  quantileInterval,
  quantiles,
  ratioOf,
  simultaneousDifferences,
  simultaneousRatios,
  type WeightedStatistic,
  wilson,
} from "../tensor/index.ts";
export {
  type Budget,
  type Control,
  defineControl,
  effort,
  type Need,
  type Needs,
  number,
  type OwnClaim,
  type Policy,
  type PolicyEntry,
  type PolicyNumber,
  type PolicyNumbers,
  randomness,
  type Seen,
} from "./define.ts";
export type { Axis, Curve, Finding, Measure, Measured, Picture, Series, Unit, Verdict, VerdictName } from "./measured.ts";
export { type Baseline, type Baselines, baselines } from "./needs/baselines.ts";
export { type AllConflicts, type Conflicting, conflicts } from "./needs/conflicts.ts";
export { type Grouping, sensitiveColumns } from "./needs/groups.ts";
export { labels, type Population, population } from "./needs/labels.ts";
export { modelBytes } from "./needs/model-file.ts";
export { optional } from "./needs/optional.ts";
export { type Overlaps, overlaps, type Shared } from "./needs/overlap.ts";
export { type Predictions, predictions, type ScoredPredictions, scoredPredictions } from "./needs/predictions.ts";
export { favourableLabel, favourableOrNone } from "./needs/splits.ts";
export { type Success, success, successOrBalance } from "./needs/success.ts";
export { count, type Deciding, inapplicable, met, percent, points, undecided, unmet, type VerdictExtra } from "./verdicts.ts";
