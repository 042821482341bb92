/** What a control is written with, by us and by a project of its own: nothing here reads a file, starts a process or looks at a clock. */

export {
  auc,
  bootstrap,
  type Count,
  calibrationError,
  clopperPearson,
  differenceOf,
  exactBinomialLower,
  exactBinomialUpper,
  type Interval,
  type MetricName,
  mean,
  metrics,
  quantileInterval,
  quantiles,
  ratioOf,
  simultaneousDifferences,
  simultaneousRatios,
  wilson,
} from "../tensor/index.ts";
export {
  type Budget,
  type Control,
  declared,
  defineControl,
  effort,
  type Need,
  type Needs,
  number,
  type OwnClaim,
  type Policy,
  randomness,
} from "./define.ts";
export type { Finding, Measure, Measured, Series, Unit, Verdict, VerdictName } from "./measured.ts";
export { type Baseline, type Baselines, baselines } from "./needs/baselines.ts";
export { conflicts } from "./needs/conflicts.ts";
export { type Grouping, sensitiveColumns } from "./needs/groups.ts";
export { labels, population } from "./needs/labels.ts";
export { modelBytes } from "./needs/model-file.ts";
export { optional } from "./needs/optional.ts";
export { overlaps } from "./needs/overlap.ts";
export { type Predictions, predictions, type ScoredPredictions, scoredPredictions } from "./needs/predictions.ts";
export { favourableLabel, favourableOrNone } from "./needs/splits.ts";
export { type Success, success, successOrBalance } from "./needs/success.ts";
export { count, type Deciding, inapplicable, met, percent, points, undecided, unmet } from "./verdicts.ts";
