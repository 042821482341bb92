import { classRates, confusion } from "./confusion.ts";
import { rankingArea, rankingPrecision } from "./ranking.ts";

/** Answers of a model beside the truth. */
export interface Answered {
  /** Class of each row; negative where not known: such rows do not count. */
  readonly labels: Int32Array;
  /** The class answered. */
  readonly answers: Int32Array;
  /** Row-major [rows, classes]; null where the model gives labels alone. */
  readonly probabilities: Float64Array | null;
  readonly classes: number;
  /** The positive class, for measures of one class; of two classes the second unless said, of more none: the mean over classes then. */
  readonly positive?: number;
}

/** A measure of answers, as a declaration may name it. It is NaN where the rows do not determine it (a recall without a positive). */
export interface Metric {
  readonly better: "high" | "low";
  /** It needs probabilities; without them it throws. */
  readonly needsScores: boolean;
  /** Its value, from the answers of all rows. */
  of(answered: Answered): number;
  /** Does the slow part once; then row r counts weights[r] times (for `bootstrap`). */
  over(answered: Answered): (weights: Int32Array) => number;
  /** The same from a confusion matrix, where it depends on that alone (for `bootstrapCounts`); null where it does not. */
  readonly ofConfusion: ((counts: Float64Array, classes: number, positive?: number) => number) | null;
}

/** The measures of answers that there are. */
export type MetricName =
  | "accuracy"
  | "balanced-accuracy"
  | "f1"
  | "macro-f1"
  | "roc-auc"
  | "average-precision"
  | "log-loss"
  | "recall"
  | "precision";

type OfConfusion = NonNullable<Metric["ofConfusion"]>;

const ofCounts = (ofConfusion: OfConfusion): Metric => ({
  better: "high",
  needsScores: false,
  of: ({ labels, answers, classes, positive }) => ofConfusion(confusion(labels, answers, classes), classes, positive),
  over:
    ({ labels, answers, classes, positive }) =>
    (weights) =>
      ofConfusion(confusion(labels, answers, classes, weights), classes, positive),
  ofConfusion,
});

const ofScores = (better: Metric["better"], over: (answered: Scored) => (weights: Int32Array) => number): Metric => ({
  better,
  needsScores: true,
  of: (answered) => over(scored(answered))(new Int32Array(answered.labels.length).fill(1)),
  over: (answered) => over(scored(answered)),
  ofConfusion: null,
});

type Scored = Answered & { readonly probabilities: Float64Array };

function scored(answered: Answered): Scored {
  const { probabilities } = answered;
  if (probabilities === null) throw new TypeError("this metric needs probabilities");
  return { ...answered, probabilities };
}

const positiveOf = (classes: number, positive?: number) => positive ?? (classes === 2 ? 1 : undefined);

/**
 * Of the positive class, or the mean over all classes that occur in the truth or among the answers. A precision of a class that is never answered is 0, as in scikit-learn; a
 * recall of a class without rows is not known, nor is anything of a class that occurs nowhere.
 */
const ofOneClass =
  (rate: "recall" | "precision" | "f1"): OfConfusion =>
  (counts, classes, positive) => {
    const rates = classRates(counts, classes);
    const one = positiveOf(classes, positive);
    if (one === undefined) return meanOfPresent(rates[rate], rates.f1);
    if (rate === "recall" || Number.isNaN(rates.f1[one]!)) return rates.recall[one]!;
    return rates[rate][one]! || 0;
  };

/** F1 is NaN exactly for classes that occur nowhere. */
function meanOfPresent(rates: Float64Array, f1: Float64Array): number {
  let [sum, present] = [0, 0];
  for (const [at, rate] of rates.entries()) {
    if (Number.isNaN(f1[at]!)) continue;
    sum += rate || 0;
    present++;
  }
  return sum / present;
}

const accuracy: OfConfusion = (counts, classes) => {
  let [hits, rows] = [0, 0];
  for (let cell = 0; cell < counts.length; cell++) {
    rows += counts[cell]!;
    if (cell % (classes + 1) === 0) hits += counts[cell]!;
  }
  return hits / rows;
};

/** The mean recall over the classes that occur in the truth. */
const balancedAccuracy: OfConfusion = (counts, classes) => {
  const known = classRates(counts, classes).recall.filter((recall) => !Number.isNaN(recall));
  return known.reduce((sum, recall) => sum + recall, 0) / known.length;
};

const macroF1: OfConfusion = (counts, classes) => {
  const { f1 } = classRates(counts, classes);
  return meanOfPresent(f1, f1);
};

/** In nats; a probability of zero counts as 2^-52, as scikit-learn has it. */
function logLoss({ labels, probabilities, classes }: Scored): (weights: Int32Array) => number {
  const losses = Float64Array.from(labels, (label, row) =>
    label < 0 ? 0 : -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probabilities[row * classes + label]!))),
  );
  return (weights) => {
    let [sum, rows] = [0, 0];
    for (let row = 0; row < losses.length; row++) {
      if (labels[row]! < 0) continue;
      sum += weights[row]! * losses[row]!;
      rows += weights[row]!;
    }
    return sum / rows;
  };
}

/** Of the positive class against the rest, or the mean of that over the classes that occur. */
const perClass =
  (ranking: typeof rankingArea) =>
  ({ labels, probabilities, classes, positive }: Scored): ((weights: Int32Array) => number) => {
    const one = positiveOf(classes, positive);
    const asked = one === undefined ? Array.from({ length: classes }, (_, at) => at) : [one];
    const rows = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0);
    const each = asked.map((at) =>
      ranking(
        rows,
        (row) => probabilities[row * classes + at]!,
        (row) => labels[row] === at,
      ),
    );
    return (weights) => {
      const known = each.map((area) => area(weights)).filter((area) => !Number.isNaN(area));
      return known.reduce((sum, area) => sum + area, 0) / known.length;
    };
  };

/** The measures that a declaration may name. */
export const metrics: Readonly<Record<MetricName, Metric>> = {
  accuracy: ofCounts(accuracy),
  "balanced-accuracy": ofCounts(balancedAccuracy),
  f1: ofCounts(ofOneClass("f1")),
  "macro-f1": ofCounts(macroF1),
  recall: ofCounts(ofOneClass("recall")),
  precision: ofCounts(ofOneClass("precision")),
  "roc-auc": ofScores("high", perClass(rankingArea)),
  "average-precision": ofScores("high", perClass(rankingPrecision)),
  "log-loss": ofScores("low", logLoss),
};
