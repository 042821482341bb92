import type { Random } from "../../../base/index.ts";
import type { MetricName } from "../../../tensor/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Measure, Measured, Series } from "../../measured.ts";
import { type Baseline, baselines } from "../../needs/baselines.ts";
import { type Predictions, predictions } from "../../needs/predictions.ts";
import { type Success, successOrBalance } from "../../needs/success.ts";
import { pairedGain } from "../../shared/scores/paired.ts";
import { predictionsOn } from "../../shared/scores/rows.ts";
import { answeredOf, scored } from "../../shared/scores/scored.ts";
import { metricWords } from "../../shared/scores/words.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
const gain = "gain-over-baseline";
const names: Readonly<Record<Baseline["name"], string>> = {
  majority: "the most frequent class",
  logistic: "a logistic regression",
  tree: "a shallow tree",
  neighbours: "15 nearest neighbours",
};

/** Claims that the model beats each of the simple models trained here, hence the best of them, by at least `margin`, among rows like those of the test split. */
export const beatsBaselines = defineControl({
  claim: "weak-algorithm/beats-baselines",
  needs: {
    answers: predictions({ split: "test" }),
    simple: baselines(),
    success: successOrBalance(),
    random: randomness("weak-algorithm/beats-baselines"),
    replicates: effort({ quick: 1000, standard: 2000, thorough: 10_000 }),
  },
  policy: {
    margin: number(
      0.01,
      "our own convention: one better answer in a hundred (0.01 of a score, 0.01 nats of log loss); for less, a model that is simpler to check and explain does as well",
    ),
  },

  measure({ answers, simple, success, random, replicates }) {
    const ours = predictionsOn(answers, simple.rows);
    const contestants = simple.baselines.map((baseline) => ({ name: names[baseline.name], answers: answersOf(ours, baseline) }));
    const gains = contestants.flatMap((contestant) => gainOver(contestant, contestants.length, ours, success, { random, replicates }));
    return withScores(gains, [{ name: "the model", answers: ours }, ...contestants], success, random, replicates);
  },

  judge({ measures }, { margin }) {
    const gains = measures.filter(({ name }) => name === gain).toSorted((a, b) => a.value - b.value);
    const [least] = gains;
    if (least === undefined)
      return undecided("the test rows do not determine the measure of success", {
        remedy: "Test on at least 30 rows, some of each class.",
      });
    const decisive = gains.map((measure) => ({ measure, limit: margin, better: "high" as const }));
    const on = (side: string) => gains.filter((measure) => sideOf(measure, margin, "high") === side);
    const [unbeaten] = on("bad");
    const [open] = on("both");
    if (unbeaten !== undefined) {
      const remedy = `Use ${unbeaten.of?.baseline} instead: it is simpler to check and does about as well. Or improve the model (features, tuning on the evaluation split, more data) and measure again.`;
      return unmet(saysOf(unbeaten, margin), { remedy, decisive });
    }
    if (open !== undefined) return undecided(`${saysOf(open, margin)}, too wide to tell`, { remedy: moreRows(open, margin), decisive });
    return met(`${saysOf(least, margin)}, the best of ${gains.length} simple models`, { decisive });
  },
});

interface Contestant {
  readonly name: string;
  readonly answers: Predictions;
}

const answersOf = (ours: Predictions, { answers, probabilities }: Baseline): Predictions => ({ ...ours, answers, probabilities });

/** At the Bonferroni level of all simple models, so that the best of them may be picked. */
function gainOver(
  { name, answers }: Contestant,
  among: number,
  ours: Predictions,
  { metric, favourable }: Success,
  { random, replicates }: { random: Random; replicates: number },
): Measure[] {
  const options = { random: random.fork(name), replicates, confidence: 1 - 0.05 / among };
  const found = pairedGain(metric, answeredOf(ours, favourable), answeredOf(answers, favourable), options);
  if (found === null) return [];
  const { value, low, high, n } = found;
  const { unit } = metricWords[metric];
  const of = { baseline: name, metric };
  return [{ name: gain, value, unit: unit === "share" ? "points" : unit, low, high, confidence: 0.95, n, baseline: 0, population, of }];
}

/** Beside the gains, what each reaches on its own. */
function withScores(
  gains: readonly Measure[],
  all: readonly Contestant[],
  { metric, favourable }: Success,
  random: Random,
  replicates: number,
): Measured {
  const scores = all.flatMap(({ name, answers }) => {
    const found = scored(metric, answeredOf(answers, favourable), { random: random.fork(name), replicates });
    return found === null ? [] : [{ name, ...found }];
  });
  const { unit } = metricWords[metric];
  return {
    measures: [
      ...gains,
      ...scores.map(
        ({ name, value, low, high, confidence, n }): Measure => ({
          name: metric,
          value,
          unit,
          low,
          high,
          confidence,
          n,
          population,
          of: { answers: name },
        }),
      ),
    ],
    series: [seriesOf(scores, metric)],
  };
}

const seriesOf = (scores: readonly { name: string; value: number; low: number; high: number }[], metric: MetricName): Series => ({
  name: `${metricWords[metric].says} of the model and of simple ones`,
  kind: "bars",
  x: { label: "who answers", values: scores.map(({ name }) => name) },
  y: { label: metricWords[metric].says, values: scores.map(({ value }) => value) },
  low: scores.map(({ low }) => low),
  high: scores.map(({ high }) => high),
});

function saysOf(measure: Measure, margin: number): string {
  const { says, gaps } = metricWords[String(measure.of?.metric) as MetricName];
  const by = besideLimit(measure, margin, gaps, { named: "margin", joint: "joint" });
  const other = `that of ${measure.of?.baseline}`;
  if (measure.value > 0) return `the model's ${says} is better than ${other} by ${by}`;
  return `the model's ${says} is ${measure.value < 0 ? "worse" : "no better"} than ${other}: its gain is ${by}`;
}
