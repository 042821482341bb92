import { differenceOf, type Interval } from "../../../tensor/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Measure, Measured } from "../../measured.ts";
import { optional } from "../../needs/optional.ts";
import { type Predictions, predictions } from "../../needs/predictions.ts";
import { type Success, successOrBalance } from "../../needs/success.ts";
import { pointAmounts } from "../../shared/amounts.ts";
import { answeredOf, type ScoringOptions, scored } from "../../shared/scores/scored.ts";
import { metricWords } from "../../shared/scores/words.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the splits";

/** Claims that the model does better on its training rows than on test rows by no more than `gap`. */
export const generalisationGap = defineControl({
  claim: "weak-algorithm/generalisation-gap",
  needs: {
    train: predictions({ split: "train" }),
    test: predictions({ split: "test" }),
    evaluation: optional(predictions({ split: "evaluation" })),
    success: successOrBalance({ without: "log-loss" }),
    random: randomness("weak-algorithm/generalisation-gap"),
    replicates: effort({ quick: 500, standard: 1000, thorough: 5000 }),
  },
  policy: {
    gap: number(0.05, "our own convention: of a hundred answers, five fewer are right than the training data promise", "points"),
  },

  measure({ train, evaluation, test, success, random, replicates }) {
    const on = (split: string, answers: Predictions | null) => scoreOn(split, answers, success, { random, replicates });
    const seen = [on("train", train), on("evaluation", evaluation), on("test", test)].filter((score) => score !== null);
    return { measures: [...gapsOf(seen, success), ...seen.map((score) => measureOf(score, success))], series: [seriesOf(seen, success)] };
  },

  judge({ measures }, { gap }) {
    const own = measures.find(({ name, of }) => name === "generalisation-gap" && of?.split === "test");
    if (own === undefined) {
      return undecided("the training or the test split does not determine the measure", { remedy: "Give both splits rows of each class." });
    }
    const decisive = [{ measure: own, limit: gap, better: "low" as const }];
    const { says } = metricWords[String(own.of?.metric) as Success["metric"]];
    const direction =
      own.value > 0 ? "the model does better on its training rows than on test rows" : "the model does no better on its training rows";
    const reason = `${direction}: its ${says} differs by ${besideLimit(own, gap, pointAmounts)}`;
    const side = sideOf(own, gap, "low");
    if (side === "good") return met(reason, { decisive });
    if (side === "both")
      return undecided(`${reason}, too wide to tell`, { remedy: moreRows(own, gap, "rows, of the smaller split first"), decisive });
    const remedy =
      "Make the model simpler or regularise it more (fewer or shallower trees, weight decay, early stopping), give it more training data, and look for features that give the label away in training alone.";
    return unmet(reason, { remedy, decisive });
  },
});

interface Score {
  readonly split: string;
  readonly score: Interval;
}

function scoreOn(split: string, answers: Predictions | null, { metric, favourable }: Success, options: ScoringOptions): Score | null {
  const score = answers === null ? null : scored(metric, answeredOf(answers, favourable), options);
  return score === null ? null : { split, score };
}

function gapsOf(seen: readonly Score[], { metric }: Success): Measure[] {
  const train = seen.find(({ split }) => split === "train");
  if (train === undefined) return [];
  return seen.flatMap(({ split, score }): Measure[] => {
    if (split === "train") return [];
    const { n: _, ...gap } = differenceOf(train.score, score);
    const smaller = Math.min(train.score.n, score.n);
    return [{ name: "generalisation-gap", ...gap, unit: "points", n: smaller, baseline: 0, population, of: { split, metric } }];
  });
}

function measureOf({ split, score: { value, low, high, confidence, n } }: Score, { metric }: Success): Measure {
  return { name: metric, value, unit: metricWords[metric].unit, low, high, confidence, n, population, of: { split } };
}

function seriesOf(seen: readonly Score[], { metric }: Success): NonNullable<Measured["series"]>[number] {
  return {
    name: `${metricWords[metric].says} by split`,
    kind: "bars",
    x: { label: "split", values: seen.map(({ split }) => split) },
    y: { label: metricWords[metric].says, values: seen.map(({ score }) => score.value) },
    low: seen.map(({ score }) => score.low),
    high: seen.map(({ score }) => score.high),
  };
}
