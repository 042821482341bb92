import type { Random } from "../../../base/index.ts";
import {
  type Answered,
  bootstrap,
  bootstrapCounts,
  differenceOf,
  type Interval,
  jointCounts,
  type MetricName,
  metrics,
} from "../../../tensor/index.ts";
import { isFaultless } from "./resampled.ts";
import { scored } from "./scored.ts";

export interface PairedOptions {
  readonly random: Random;
  readonly replicates: number;
  readonly confidence: number;
}

const leastRows = 30;

/**
 * By how much `ours` does better than `theirs` on the same rows (positive: better, whichever way the measure runs), with the bootstrap's percentile interval. The rows stay
 * paired: what is hard for both is not counted against the difference. Where the measure depends on counts alone, two rows are added to each class, half a row to each way in
 * which the two can be right or wrong (after Agresti and Min 2005), so that two models without a differing answer are not equal beyond doubt. Null where the rows do not determine it.
 */
export function pairedGain(metric: MetricName, ours: Answered, theirs: Answered, options: PairedOptions): Interval | null {
  const { better, of, ofConfusion } = metrics[metric];
  const sign = better === "high" ? 1 : -1;
  const value = sign * (of(ours) - of(theirs));
  if (!Number.isFinite(value)) return null;
  const found = ofConfusion === null ? byRows(metric, ours, theirs, sign, options) : byCounts(ofConfusion, ours, theirs, options);
  if (found === null) return null;
  const rows = ours.labels.filter((label) => label >= 0).length;
  return { ...found, value, low: Math.min(found.low, value), high: Math.max(found.high, value), n: rows };
}

function byRows(metric: MetricName, ours: Answered, theirs: Answered, sign: number, options: PairedOptions): Interval | null {
  const [first, second] = [metrics[metric].over(ours), metrics[metric].over(theirs)];
  if (ours.labels.length < leastRows) return null;
  if (isFaultless(metric, ours) || isFaultless(metric, theirs)) return ofIndependent(metric, ours, theirs, sign, options);
  return bootstrap(ours.labels.length, (weights) => sign * (first(weights) - second(weights)), options);
}

/** Where one of the two makes no error, resampling brings none in: the two intervals that allow for some are combined as if independent, which is wider than paired. */
function ofIndependent(metric: MetricName, ours: Answered, theirs: Answered, sign: number, options: PairedOptions): Interval | null {
  const [first, second] = [scored(metric, ours, options), scored(metric, theirs, options)];
  if (first === null || second === null) return null;
  return sign > 0 ? differenceOf(first, second) : differenceOf(second, first);
}

function byCounts(
  ofConfusion: NonNullable<(typeof metrics)["accuracy"]["ofConfusion"]>,
  ours: Answered,
  theirs: Answered,
  options: PairedOptions,
): Interval | null {
  const { classes, positive } = ours;
  const known = Int32Array.from(ours.labels.keys()).filter((row) => ours.labels[row]! >= 0);
  const of = (values: Int32Array) => Int32Array.from(known, (row) => values[row]!);
  const joint = jointCounts([of(ours.labels), of(ours.answers), of(theirs.answers)]);
  const cells = [...cellsOf(joint), ...halfRows(classes, joint)];
  const [mine, others] = [new Float64Array(classes * classes), new Float64Array(classes * classes)];
  const gain = (counts: Float64Array) => {
    mine.fill(0);
    others.fill(0);
    for (const [at, { truth, first, second }] of cells.entries()) {
      mine[truth * classes + first]! += counts[at]!;
      others[truth * classes + second]! += counts[at]!;
    }
    return ofConfusion(mine, classes, positive) - ofConfusion(others, classes, positive);
  };
  return bootstrapCounts(
    Float64Array.from(cells, ({ rows }) => rows),
    gain,
    options,
  );
}

interface Cell {
  readonly truth: number;
  readonly first: number;
  readonly second: number;
  readonly rows: number;
}

const cellsOf = ({ counts, codes: [truth, first, second] }: ReturnType<typeof jointCounts>): Cell[] =>
  Array.from(counts, (rows, at) => ({ truth: truth?.[at] ?? 0, first: first?.[at] ?? 0, second: second?.[at] ?? 0, rows }));

/** For each class that occurs; a wrong answer is the next class, whichever. */
function halfRows(classes: number, { codes: [truths] }: ReturnType<typeof jointCounts>): Cell[] {
  const present = new Set(truths ?? []);
  return [...present].flatMap((truth) => {
    const wrong = (truth + 1) % classes;
    return [truth, wrong].flatMap((first) => [truth, wrong].map((second) => ({ truth, first, second, rows: 0.5 })));
  });
}
