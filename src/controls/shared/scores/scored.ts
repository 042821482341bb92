import type { Random } from "../../../base/index.ts";
import { type Answered, auc, confusion, type Interval, type MetricName, wilson } from "../../../tensor/index.ts";
import type { Predictions } from "../../needs/predictions.ts";
import { favourableIndex } from "../favourable.ts";
import { resampled } from "./resampled.ts";

/** Answers as measures of success take them; `favourable` is the class that measures of one class speak of. */
export function answeredOf({ truth, answers, probabilities, classes }: Predictions, favourable: string | null): Answered {
  const positive = favourable === null ? {} : { positive: favourableIndex(classes, favourable) };
  return { labels: truth, answers, probabilities, classes: classes.length, ...positive };
}

type ProportionInterval = (successes: number, n: number, confidence?: number) => Interval | null;

export interface ScoringOptions {
  /** Of the log loss alone. */
  readonly random: Random;
  readonly replicates: number;
  readonly confidence?: number;
  /** Wilson's interval unless said. */
  readonly proportion?: ProportionInterval;
}

interface Scoring {
  readonly answered: Answered;
  readonly options: ScoringOptions;
  readonly confidence: number;
  readonly proportion: ProportionInterval;
}

/**
 * A measure of success with its interval among rows like these; null where the rows do not determine it. No interval is of width zero because a small sample holds no error:
 * accuracy, recall and precision are proportions; F1 is a function of one (true positives among those, false positives and false negatives); balanced accuracy is a mean of
 * independent proportions (Zou and Donner 2008); the area under the ROC curve has the wider of DeLong's and Newcombe's on each side. Means over classes that are not independent take each class's interval at the
 * Bonferroni level. Log loss and average precision are resampled (BCa), from 30 rows up.
 */
export function scored(metric: MetricName, answered: Answered, options: ScoringOptions): Interval | null {
  const { confidence = 0.95, proportion = wilson } = options;
  return ways[metric]({ answered, options, confidence, proportion });
}

const ways: Readonly<Record<MetricName, (scoring: Scoring) => Interval | null>> = {
  accuracy({ answered: { labels, answers }, proportion, confidence }) {
    let [hits, rows] = [0, 0];
    for (const [row, label] of labels.entries()) {
      if (label < 0) continue;
      rows++;
      if (answers[row] === label) hits++;
    }
    return proportion(hits, rows, confidence);
  },
  "balanced-accuracy": ({ answered, proportion, confidence }) =>
    meanOfIndependent(
      countsOf(answered).map(({ hits, truly }) => proportion(hits, truly, confidence)),
      confidence,
    ),
  recall: (scoring) => ofClass(scoring, ({ hits, truly }, confidence) => scoring.proportion(hits, truly, confidence)),
  precision: (scoring) => ofClass(scoring, ({ hits, answered }, confidence) => scoring.proportion(hits, answered, confidence)),
  f1: (scoring) => ofClass(scoring, f1Interval(scoring)),
  "macro-f1": (scoring) => overClasses(scoring, f1Interval(scoring)),
  "roc-auc": (scoring) => ofRanking(scoring),
  "average-precision": (scoring) => resampled("average-precision", scoring.answered, scoring.options),
  "log-loss": (scoring) => resampled("log-loss", scoring.answered, scoring.options),
};

interface ClassCounts {
  readonly hits: number;
  readonly truly: number;
  readonly answered: number;
}

function countsOf({ labels, answers, classes }: Answered): ClassCounts[] {
  const counts = confusion(labels, answers, classes);
  const sum = (cell: (other: number) => number) =>
    Array.from({ length: classes }, (_, other) => counts[cell(other)]!).reduce((a, b) => a + b, 0);
  return Array.from({ length: classes }, (_, at) => ({
    hits: counts[at * classes + at]!,
    truly: sum((other) => at * classes + other),
    answered: sum((other) => other * classes + at),
  }));
}

type OfCounts = (counts: ClassCounts, confidence: number) => Interval | null;

/** F1 = 2J / (1 + J), where J = hits / (hits + misses + false alarms) is a proportion, given how many rows are any of those. */
const f1Interval =
  ({ proportion }: Scoring): OfCounts =>
  ({ hits, truly, answered }, confidence) => {
    const found = proportion(hits, truly + answered - hits, confidence);
    const turn = (share: number) => (2 * share) / (1 + share);
    return found && { ...found, value: turn(found.value), low: turn(found.low), high: turn(found.high) };
  };

const positiveOf = ({ classes, positive }: Answered) => positive ?? (classes === 2 ? 1 : undefined);

/** Of the positive class where there is one; a rate without a row to count (never answered) is 0, and nothing is known of it. */
function ofClass(scoring: Scoring, interval: OfCounts): Interval | null {
  const one = positiveOf(scoring.answered);
  if (one === undefined) return overClasses(scoring, interval);
  const counts = countsOf(scoring.answered)[one];
  if (counts === undefined || counts.truly === 0) return null;
  return interval(counts, scoring.confidence) ?? unknown(scoring.confidence);
}

/** The mean over the classes that occur, whose intervals hold together. */
function overClasses(scoring: Scoring, interval: OfCounts): Interval | null {
  const present = countsOf(scoring.answered).filter(({ truly, answered }) => truly + answered > 0);
  const each = 1 - (1 - scoring.confidence) / present.length;
  return meanOf(
    present.map((counts) => interval(counts, each) ?? unknown(each)),
    scoring.confidence,
    present.reduce((rows, { truly }) => rows + truly, 0),
  );
}

const unknown = (confidence: number): Interval => ({ value: 0, low: 0, high: 1, confidence, n: 0 });

function meanOf(intervals: readonly Interval[], confidence: number, n: number): Interval | null {
  if (intervals.length === 0) return null;
  const mean = (end: "value" | "low" | "high") => intervals.reduce((sum, each) => sum + each[end], 0) / intervals.length;
  return { value: mean("value"), low: mean("low"), high: mean("high"), confidence, n };
}

/** From the intervals of independent estimates to that of their mean: the square-root rule of Zou and Donner (2008). */
function meanOfIndependent(all: readonly (Interval | null)[], confidence: number): Interval | null {
  const known = all.filter((each) => each !== null);
  if (known.length === 0) return null;
  const value = known.reduce((sum, each) => sum + each.value, 0) / known.length;
  const reach = (end: "low" | "high") => Math.hypot(...known.map((each) => each[end] - each.value)) / known.length;
  const n = known.reduce((rows, each) => rows + each.n, 0);
  return { value, low: value - reach("low"), high: value + reach("high"), confidence, n };
}

function ofRanking({ answered, confidence }: Scoring): Interval | null {
  const { labels, probabilities, classes } = answered;
  if (probabilities === null) return null;
  const one = positiveOf(answered);
  const asked = one === undefined ? Array.from({ length: classes }, (_, at) => at) : [one];
  const known = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
  const areas = asked.map((at) =>
    auc(
      Float64Array.from(known, (row) => probabilities[row * classes + at]!),
      Uint8Array.from(known, (row) => (labels[row] === at ? 1 : 0)),
      1 - (1 - confidence) / asked.length,
    ),
  );
  const found = areas.filter((each) => each !== null);
  return found.length < areas.length ? null : meanOf(found, confidence, known.length);
}
