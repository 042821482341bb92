import type { Random } from "../../../base/index.ts";
import { type Answered, bootstrap, exactBinomialUpper, type Interval, type MetricName, metrics } from "../../../tensor/index.ts";

export interface Resampling {
  readonly random: Random;
  readonly replicates: number;
  readonly confidence?: number;
}

type ScoredMetric = "average-precision" | "log-loss";

const leastForBootstrap = 30;

/** The spread of more rows is that of so many of them, evenly spread over the file, scaled by the square root of their numbers: else ten million rows would take an hour. */
const mostResampled = 50_000;

/** A measure of scores with its bootstrap interval (BCa); without a single error among the rows, which no resampling brings in, with an exact one. Null where the rows do not determine it. */
export function resampled(
  metric: ScoredMetric,
  answered: Answered,
  { random, replicates, confidence = 0.95 }: Resampling,
): Interval | null {
  const { labels, probabilities } = answered;
  const n = labels.filter((label) => label >= 0).length;
  if (probabilities === null || n < leastForBootstrap) return null;
  if (isFaultless(metric, answered)) return faultless[metric](answered, n, confidence);
  const some = labels.length <= mostResampled ? answered : thinned({ ...answered, probabilities }, mostResampled);
  const found = bootstrap(some.labels.length, metrics[metric].over(some), {
    random: random.fork(metric),
    replicates,
    confidence,
    method: "bca",
  });
  if (found === null || some === answered) return found;
  const value = metrics[metric].of(answered);
  const scale = Math.sqrt(some.labels.length / labels.length);
  return { value, low: value - scale * (found.value - found.low), high: value + scale * (found.high - found.value), confidence, n };
}

/** As good as the measure can be: not one row is out of order, or not quite sure of what is true. */
export function isFaultless(metric: MetricName, answered: Answered): boolean {
  if (!metrics[metric].needsScores) return false;
  const value = metrics[metric].of(answered);
  return metrics[metric].better === "high" ? value > 1 - 1e-12 : value < 1e-9;
}

/** The most that one row costs: a probability of zero counts as 2^-52. */
const largestLoss = -Math.log(Number.EPSILON);

const faultless: Readonly<Record<ScoredMetric, (answered: Answered, n: number, confidence: number) => Interval | null>> = {
  /** As if each row that may be otherwise, by the exact limit for none in n, were as wrong as can be. */
  "log-loss": (_, n, confidence) => ({
    value: 0,
    low: 0,
    high: largestLoss * exactBinomialUpper(0, n, 1 - (1 - confidence) / 2),
    confidence,
    n,
  }),
  /**
   * Above the lowest positive there may be a share of the positives less, and of the negatives more, up to the exact limits for none in their numbers; at worst all these negatives stand
   * first. The average precision is then the integral over the recall r of r / (r + c). Of several classes nothing is bounded.
   */
  "average-precision"({ labels, classes, positive }, n, confidence) {
    const one = positive ?? 1;
    const positives = labels.filter((label) => label === one).length;
    if (classes > 2 && positive === undefined) return null;
    const each = 1 - (1 - confidence) / 4;
    const found = 1 - exactBinomialUpper(0, positives, each);
    const ahead = (exactBinomialUpper(0, n - positives, each) * (n - positives)) / positives;
    return { value: 1, low: ahead > 0 ? Math.max(0, found - ahead * Math.log1p(found / ahead)) : found, high: 1, confidence, n };
  },
};

function thinned({ labels, answers, probabilities, ...rest }: Answered & { readonly probabilities: Float64Array }, most: number): Answered {
  const rows = Int32Array.from({ length: most }, (_, at) => Math.floor((at * labels.length) / most));
  const scores = new Float64Array(most * rest.classes);
  for (const [at, row] of rows.entries()) {
    scores.set(probabilities.subarray(row * rest.classes, (row + 1) * rest.classes), at * rest.classes);
  }
  const pick = (values: Int32Array) => Int32Array.from(rows, (row) => values[row]!);
  return { ...rest, labels: pick(labels), answers: pick(answers), probabilities: scores };
}
