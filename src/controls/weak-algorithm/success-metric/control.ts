import { type Answered, clopperPearson, type Interval, type MetricName, metrics } from "../../../tensor/index.ts";
import { declared, defineControl, effort, randomness } from "../../define.ts";
import type { Measure } from "../../measured.ts";
import { predictions } from "../../needs/predictions.ts";
import { successOrBalance } from "../../needs/success.ts";
import { answeredOf, scored } from "../../shared/scores/scored.ts";
import { metricWords } from "../../shared/scores/words.ts";
import { besideLimit, moreRows, sideOf, withInterval } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
const role = "measure of success";
const beside = ["accuracy", "balanced-accuracy", "macro-f1", "roc-auc"] as const;

/** Claims that the model reaches the declared target of the declared measure of success, among rows like those of the test split. Without a target it measures, and judges nothing. */
export const successMetric = defineControl({
  claim: "weak-algorithm/success-metric",
  needs: {
    answers: predictions({ split: "test" }),
    success: successOrBalance(),
    random: randomness("weak-algorithm/success-metric"),
    replicates: effort({ quick: 500, standard: 1000, thorough: 5000 }),
  },
  policy: {
    target: declared(
      "system.success.target",
      "Declare what the measure of success must reach: `success: { metric: balanced-accuracy, target: 0.75 }` under `system`.",
      ({ system }) => system.declaration.system.success?.target ?? null,
    ),
  },

  measure({ answers, success: { metric, favourable }, random, replicates }) {
    const answered = answeredOf(answers, favourable);
    const measured = (name: MetricName) => scored(name, answered, { random, replicates, proportion: clopperPearson });
    const own = measured(metric);
    const baseline = constantAnswer(metric, answered);
    const others = beside.filter((name) => name !== metric && !(metrics[name].needsScores && answers.probabilities === null));
    return {
      measures: [
        ...(own === null ? [] : [{ ...measureOf(metric, own), ...(Number.isFinite(baseline) ? { baseline } : {}), of: { role } }]),
        ...others.flatMap((name) => {
          const found = measured(name);
          return found === null ? [] : [measureOf(name, found)];
        }),
      ],
    };
  },

  unjudged({ measures }) {
    const own = ownOf(measures);
    if (own === undefined) return null;
    const { says, amounts } = metricWords[own.name as MetricName];
    return `the model's ${says} is ${withInterval(own, amounts)}`;
  },

  judge({ measures }, { target }) {
    const own = ownOf(measures);
    if (own === undefined) {
      return undecided("the test split does not determine the measure of success", {
        remedy: "Test on at least 30 labelled rows, some of each class.",
      });
    }
    const metric = own.name as MetricName;
    const { says, amounts, unit } = metricWords[metric];
    if (unit !== "nats" && (target < 0 || target > 1)) {
      return undecided(`the target ${target} cannot be reached or missed: ${says} lies between 0 and 1`, {
        remedy: "Write the target as a number between 0 and 1: 0.85 for 85 %.",
      });
    }
    const { better } = metrics[metric];
    const decisive = [{ measure: own, limit: target, better }];
    const reason = `the model's ${says} is ${besideLimit(own, target, amounts, { named: "target" })}`;
    const side = sideOf(own, target, better);
    if (side === "good") return met(reason, { decisive });
    if (side === "both") return undecided(`${reason}, too wide to tell`, { remedy: moreRows(own, target), decisive });
    const remedy =
      "Improve the model (data, features, tuning on the evaluation split), or declare a target that the system can do with, and say why.";
    return unmet(reason, { remedy, decisive });
  },
});

const ownOf = (measures: readonly Measure[]) => measures.find(({ of }) => of?.role === role);

const measureOf = (name: MetricName, { value, low, high, confidence, n }: Interval): Measure => ({
  name,
  value,
  unit: metricWords[name].unit,
  low,
  high,
  confidence,
  n,
  population,
});

/** What answering the most frequent class, with the classes' shares as scores, reaches without looking at a row. */
function constantAnswer(metric: MetricName, answered: Answered): number {
  const { labels, classes } = answered;
  const counts = new Float64Array(classes);
  for (const label of labels) if (label >= 0) counts[label]! += 1;
  const rows = counts.reduce((sum, each) => sum + each, 0);
  const most = counts.indexOf(Math.max(...counts));
  const probabilities = new Float64Array(labels.length * classes).map((_, at) => counts[at % classes]! / rows);
  return metrics[metric].of({ ...answered, answers: new Int32Array(labels.length).fill(most), probabilities });
}
