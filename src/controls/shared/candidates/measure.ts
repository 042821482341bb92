import type { Random } from "../../../base/index.ts";
import { auc, bootstrap, debiasedCalibrationError, type MetricName, metrics, wilson } from "../../../tensor/index.ts";
import type { Measure } from "../../measured.ts";
import type { Candidate, Candidates } from "../../needs/candidates.ts";
import type { CorruptedKind } from "../../needs/corrupted.ts";
import type { Grouping } from "../../needs/groups.ts";
import type { Predictions, ScoredPredictions } from "../../needs/predictions.ts";
import type { Success } from "../../needs/success.ts";
import { latencyQuantiles } from "../latency/quantiles.ts";
import { lossesOf, membershipScores } from "../scores/losses.ts";
import { pairedGain } from "../scores/paired.ts";
import { answeredOf, scored } from "../scores/scored.ts";
import { metricWords } from "../scores/words.ts";

export interface Comparing {
  readonly success: Success;
  readonly random: Random;
  readonly replicates: number;
}

const joint = 0.95;

/** Whom the intervals speak of. */
export const populationOf = ({ split }: Pick<Candidates, "split">) => `rows like those of the ${split} split`;

/** What a column of the comparison may hold. */
const parts = {
  success: ({ candidate, comparing }: Column) => metricOf(candidate, comparing),
  worstGroup: ({ candidate, groups }: Column) => worstGroupOf(candidate, groups),
  calibration: ({ candidate, comparing }: Column) => calibrationOf(candidate, comparing),
  corruption: ({ candidate, kinds, comparing }: Column) => corruptionOf(candidate, kinds, comparing),
  leakage: ({ candidate }: Column) => leakageOf(candidate),
  speed: ({ candidate }: Column) => speedOf(candidate),
  bytes: ({ candidate }: Column) => bytesOf(candidate),
} satisfies Record<string, (column: Column) => Measure[]>;
type Part = keyof typeof parts;

interface Column {
  readonly candidate: Candidate;
  readonly groups: readonly Grouping[];
  readonly kinds: ReadonlySet<string>;
  readonly comparing: Comparing;
}

/** What each candidate reaches, one measure a column of the comparison, each with `of: { candidate, is }`; all parts unless some are named. */
export function columnsOf(compared: Candidates, comparing: Comparing, which: readonly Part[] = Object.keys(parts) as Part[]): Measure[] {
  const { candidates, groups } = compared;
  const kinds = answeredByAll(candidates);
  return candidates.flatMap((candidate) => {
    const column = { candidate, groups, kinds, comparing: { ...comparing, random: comparing.random.fork(candidate.id) } };
    const measures = which.flatMap((part) => parts[part](column));
    const { id, is } = candidate;
    return measures.map(
      (measure): Measure => ({
        ...measure,
        ...(measure.low === undefined ? {} : { population: measure.population ?? populationOf(compared) }),
        of: { candidate: id, is, ...measure.of },
      }),
    );
  });
}

/** How much better than the chosen model the others do in the measure of success, on the same rows, at the Bonferroni level of all of them. */
export function gainsOf({ candidates, split }: Candidates, { success, random, replicates }: Comparing): Measure[] {
  const [chosen, ...others] = candidates;
  if (chosen === undefined) return [];
  const { metric, favourable } = success;
  const { unit } = metricWords[metric];
  return others.flatMap((other): Measure[] => {
    const { id, is, answers } = other;
    if (!isKnown(metric, chosen, other)) return [];
    const options = { random: random.fork(`gain ${id}`), replicates, confidence: 1 - (1 - joint) / others.length };
    const found = pairedGain(metric, answeredOf(answers, favourable), answeredOf(chosen.answers, favourable), options);
    if (found === null) return [];
    const { value, low, high, n } = found;
    const gapUnit = unit === "share" ? "points" : unit;
    return [
      {
        name: "gain-over-chosen",
        value,
        unit: gapUnit,
        low,
        high,
        confidence: joint,
        n,
        baseline: 0,
        population: populationOf({ split }),
        of: { candidate: id, is, metric },
      },
    ];
  });
}

/** Of a model that answers labels alone, measures of scores are not known. */
const isKnown = (metric: MetricName, ...all: readonly Candidate[]) =>
  !metrics[metric].needsScores || all.every(({ answers }) => answers.probabilities !== null);

function metricOf(candidate: Candidate, { success: { metric, favourable }, random, replicates }: Comparing): Measure[] {
  const { answers } = candidate;
  if (!isKnown(metric, candidate)) return [];
  const found = scored(metric, answeredOf(answers, favourable), { random, replicates });
  return found === null ? [] : [{ name: metric, unit: metricWords[metric].unit, ...shown(found) }];
}

const shown = ({ value, low, high, confidence, n }: { value: number; low: number; high: number; confidence: number; n: number }) => ({
  value,
  low,
  high,
  confidence,
  n,
});

/** The error of each group that has labelled rows. */
function groupErrors(
  { truth, answers }: Candidate["answers"],
  { column, groups, members }: Grouping,
): { group: string; column: string; wrong: number; n: number }[] {
  const counts = groups.map((group) => ({ group, column, wrong: 0, n: 0 }));
  for (const [row, at] of members.entries()) {
    const count = counts[at];
    if (count === undefined || truth[row]! < 0) continue;
    count.n++;
    if (truth[row] !== answers[row]) count.wrong++;
  }
  return counts.filter(({ n }) => n > 0);
}

/** A group of fewer rows has no error worth comparing: by chance alone it may be anything. */
export const leastInGroup = 30;

/** The group with the largest error, with an interval that holds for all groups at once, so that the worst may be picked. */
function worstGroupOf({ answers }: Candidate, groupings: readonly Grouping[]): Measure[] {
  const groups = groupings.flatMap((grouping) => groupErrors(answers, grouping)).filter(({ n }) => n >= leastInGroup);
  const worst = groups.toSorted((a, b) => b.wrong / b.n - a.wrong / a.n)[0];
  const found = worst && wilson(worst.wrong, worst.n, 1 - (1 - joint) / groups.length);
  if (worst === undefined || found === null || found === undefined) return [];
  return [
    { name: "worst-group-error", unit: "share", ...shown(found), confidence: joint, of: { column: worst.column, group: worst.group } },
  ];
}

/** Of the confidence in the answer given. */
function calibrationOf({ answers: { truth, answers, probabilities, classes } }: Candidate, { random, replicates }: Comparing): Measure[] {
  if (probabilities === null) return [];
  const rows = Int32Array.from(truth.keys()).filter((row) => truth[row]! >= 0);
  const confidences = Float64Array.from(rows, (row) => probabilities[row * classes.length + answers[row]!]!);
  const correct = Uint8Array.from(rows, (row) => Number(truth[row] === answers[row]));
  const found = debiasedCalibrationError(confidences, correct, { random: random.fork("calibration"), replicates });
  return found === null ? [] : [{ name: "calibration-error", unit: "share", ...shown(found) }];
}

/** The middle of five steps. */
const step = 2;

const answerAtStep = ({ steps }: CorruptedKind) => {
  const reply = steps[step]?.reply;
  return reply === undefined || "refused" in reply ? null : reply;
};

/** The kinds of corruption that no candidate refuses: who does not answer the worst of them does not look the better for it. */
function answeredByAll(candidates: readonly Candidate[]): ReadonlySet<string> {
  const asked = candidates.flatMap(({ corrupted }) => (corrupted === null ? [] : [corrupted.kinds]));
  const answered = (kinds: readonly CorruptedKind[], name: string) =>
    kinds.some((kind) => kind.name === name && answerAtStep(kind) !== null);
  return new Set((asked[0] ?? []).map(({ name }) => name).filter((name) => asked.every((kinds) => answered(kinds, name))));
}

/** How much of the measure of success is lost on corrupted rows: the mean over those kinds of corruption, at their middle step. */
function corruptionOf(
  { corrupted }: Candidate,
  shared: ReadonlySet<string>,
  { success: { metric, favourable }, random, replicates }: Comparing,
): Measure[] {
  const { better, needsScores, over } = metrics[metric];
  if (corrupted === null || (needsScores && corrupted.clean.probabilities === null)) return [];
  const { clean, kinds } = corrupted;
  const replies = kinds.flatMap((kind) => {
    const reply = shared.has(kind.name) ? answerAtStep(kind) : null;
    return reply === null ? [] : [over(answeredOf({ ...clean, ...reply }, favourable))];
  });
  if (replies.length === 0) return [];
  const before = over(answeredOf(clean, favourable));
  const sign = better === "high" ? 1 : -1;
  const lost = (weights: Int32Array) => sign * (before(weights) - replies.reduce((sum, after) => sum + after(weights), 0) / replies.length);
  const found = bootstrap(clean.rows, lost, { random: random.fork("corruption"), replicates: Math.min(replicates, mostReplicates) });
  const { unit } = metricWords[metric];
  return found === null
    ? []
    : [{ name: "corruption-loss", unit: unit === "share" ? "points" : unit, ...shown(found), of: { kinds: replies.length } }];
}

/** Each draws every kind of corruption again. */
const mostReplicates = 500;

/** How well the model's loss tells training rows from others: 0.5 is a coin. */
function leakageOf({ answers, training }: Candidate): Measure[] {
  if (!hasScores(answers) || training === null || !hasScores(training)) return [];
  const { scores, isMember } = membershipScores(lossesOf(training), lossesOf(answers));
  const found = auc(scores, isMember);
  return found === null
    ? []
    : [
        {
          name: "membership-leakage",
          unit: "score",
          ...shown(found),
          baseline: 0.5,
          population: "training rows against rows like those compared",
        },
      ];
}

const hasScores = (answers: Predictions): answers is ScoredPredictions => answers.probabilities !== null;

function speedOf({ latency }: Candidate): Measure[] {
  if (latency === null) return [];
  const slow = latencyQuantiles(latency.timesMs, "answers to one row, on the machine that measured").filter(
    ({ name }) => name === "latency-p99",
  );
  const fastest = Math.max(0, ...latency.batches.map(({ rowsPerSecond }) => rowsPerSecond));
  return [
    ...slow.map(({ of: _, ...measure }) => measure),
    ...(fastest > 0 ? [{ name: "time-per-million", unit: "ms" as const, value: 1e9 / fastest }] : []),
  ];
}

const bytesOf = ({ sizeBytes, memoryBytes }: Candidate): Measure[] => [
  ...(sizeBytes === null ? [] : [{ name: "size", unit: "bytes" as const, value: sizeBytes }]),
  ...(memoryBytes === null ? [] : [{ name: "memory", unit: "bytes" as const, value: memoryBytes }]),
];
