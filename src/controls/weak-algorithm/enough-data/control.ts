import type { Random } from "../../../base/index.ts";
import { type Answered, bootstrap, criticalStudent, type Interval, matchedDifference, metrics } from "../../../tensor/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Measure, Measured, Series } from "../../measured.ts";
import { type Growing, type GrownAnswers, type GrownLearner, growing } from "../../needs/growing.ts";
import { type Predictions, predictions } from "../../needs/predictions.ts";
import { type Success, successOrBalance } from "../../needs/success.ts";
import { amount, shareAmounts } from "../../shared/amounts.ts";
import { answeredOf } from "../../shared/scores/scored.ts";
import { metricWords } from "../../shared/scores/words.ts";
import { besideLimit, sideOf } from "../../shared/sides.ts";
import { count, met, undecided, unmet } from "../../verdicts.ts";

const population = "training splits like this one, and rows like those of the test split";
const confidence = 0.95;

/** Claims that a model like this one would gain no more than `gain` from twice the training rows: its gain from the last doubling, which the next one will hardly exceed. */
export const enoughData = defineControl({
  claim: "weak-algorithm/enough-data",
  needs: {
    answers: predictions({ split: "test" }),
    growing: growing("weak-algorithm/enough-data"),
    success: successOrBalance({ without: "log-loss" }),
    random: randomness("weak-algorithm/enough-data intervals"),
    replicates: effort({ quick: 300, standard: 1000, thorough: 2000 }),
  },
  policy: {
    gain: number(0.01, "our own convention: twice the data would turn one wrong answer in a hundred into a right one"),
    agreement: number(
      0.8,
      "our own convention: a stand-in trained here that answers four rows of five as the model does, the mean over the model's answers, learns enough like it to speak for it",
      "share",
    ),
  },

  measure({ answers, growing: grown, success, random, replicates }) {
    const seen = grown.learners.map((learner) => ({ learner, agreement: agreementOf(learner.whole, answers, grown.rows) }));
    const [closest] = seen.toSorted((a, b) => b.agreement - a.agreement);
    if (closest === undefined || grown.rows.length === 0) return { measures: [] };
    return measuredOf(closest, { grown, answers, success, random, replicates });
  },

  judge({ measures }, { gain: limit, agreement }) {
    const own = measures.find(({ name }) => name === "gain-of-last-doubling");
    const alike = measures.find(({ name }) => name === "answers-as-the-model");
    if (own === undefined || alike === undefined) {
      return undecided("there are too few rows to train on parts of them", {
        remedy: "Give the training and test splits rows of each class, at least some hundred.",
      });
    }
    const decisive = [{ measure: own, limit, better: "low" as const }];
    const { learner, rows, "all rows": there, metric } = own.of ?? {};
    const { says, gaps } = metricWords[String(metric) as Success["metric"]];
    const stand = `a ${learner} trained here, which answers ${amount(alike.value, shareAmounts)} of rows as the model does (mean over its classes)`;
    const reason = `with ${count(Number(rows))} training rows in place of half as many, the ${says} of ${stand}, ${own.value < 0 ? "does not improve: its gain is" : "improves by"} ${besideLimit(own, limit, gaps)}`;
    if (alike.value < agreement) {
      return undecided(`no simple model trained here answers enough like this one to speak for it: the closest, ${stand}`, {
        remedy: "Train the model itself on half of its training rows, and compare the two on the test split.",
        decisive,
      });
    }
    const side = sideOf(own, limit, "low");
    if (side === "good") return met(reason, { decisive });
    if (side === "both")
      return undecided(`${reason}, too wide to tell`, {
        remedy: `Take a larger budget, which trains on more parts of the training rows; then test on more rows (now ${count(own.n ?? 0)}).`,
        decisive,
      });
    if (Number(rows) < Number(there)) {
      return undecided(`${reason}; but of ${count(Number(there))} training rows only these were used`, {
        remedy: "Take a larger budget: it trains on more of them.",
        decisive,
      });
    }
    return unmet(reason, {
      remedy:
        "Gather more training rows like these: the curve still rises. Where that cannot be, look for better features, or for data of the same kind to train on first.",
      decisive,
    });
  },
});

/** How often the model's answers are the stand-in's too, the mean over the classes that the model answers: of a frequent class alone nothing need be learned. */
function agreementOf({ answers }: GrownAnswers, model: Predictions, rows: Int32Array): number {
  const [same, all] = [new Float64Array(model.classes.length), new Float64Array(model.classes.length)];
  for (const [at, row] of rows.entries()) {
    const answer = model.answers[row]!;
    all[answer]! += 1;
    if (answer === answers[at]) same[answer]! += 1;
  }
  return mean([...all].flatMap((n, answer) => (n === 0 ? [] : [same[answer]! / n])));
}

interface Context {
  readonly grown: Growing;
  readonly answers: Predictions;
  readonly success: Success;
  readonly random: Random;
  readonly replicates: number;
}

function measuredOf({ learner, agreement }: { learner: GrownLearner; agreement: number }, context: Context): Measured {
  const { grown, answers, success } = context;
  const truth = Int32Array.from(grown.rows, (row) => answers.truth[row]!);
  const answered = (given: GrownAnswers) =>
    answeredOf({ ...given, rows: grown.rows.length, classes: answers.classes, truth }, success.favourable);
  const gains = learner.sizes.flatMap((size, at): Measure[] => {
    const larger = at === 0 ? [answered(learner.whole)] : (learner.sizes[at - 1]?.pairs.flat().map(answered) ?? []);
    const gain =
      at === 0
        ? gainOf(
            answered(learner.whole),
            size.pairs.map(([a, b]) => [answered(a), answered(b)]),
            context,
          )
        : null;
    const value =
      gain?.value ??
      signed(
        success,
        mean(larger.map((each) => scoreOf(success, each))) - mean(size.pairs.flat().map((each) => scoreOf(success, answered(each)))),
      );
    const unit = metricWords[success.metric].unit === "share" ? "points" : metricWords[success.metric].unit;
    const of = { learner: learner.name, rows: doubled(at, grown, learner), "all rows": grown.ofTrainingRows, metric: success.metric };
    if (at > 0) return Number.isFinite(value) ? [{ name: "gain-of-earlier-doubling", value, unit, of }] : [];
    return gain === null ? [] : [{ name: "gain-of-last-doubling", ...gain, unit, population, baseline: 0, of }];
  });
  return {
    measures: [
      ...gains,
      { name: "answers-as-the-model", value: agreement, unit: "share", n: grown.rows.length, of: { learner: learner.name } },
    ],
    series: curve(learner, grown, success, answered),
  };
}

/** The rows that the larger models of a doubling had. */
const doubled = (at: number, grown: Growing, learner: GrownLearner) =>
  at === 0 ? grown.trainingRows : (learner.sizes[at - 1]?.trainingRows ?? 0);
const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
const scoreOf = ({ metric }: Success, answered: Answered) => metrics[metric].of(answered);
const signed = ({ metric }: Success, difference: number) => (metrics[metric].better === "high" ? difference : -difference);

/**
 * By how much the model of all rows does better than models of half of them, the mean over all of these. Two things vary: which test rows were drawn (the bootstrap, paired over all
 * models) and which training rows (the distance of two models without a row in common, from each shuffle; that of all rows counts as varying half as much, and as independent, which is
 * wider than it is). Their half-widths add up as squares do, the second with Student's factor for so few shuffles; and beside both what a paired difference may be though no row differs
 * (Agresti and Min 2005), since no resampling brings in what a small sample does not hold.
 */
function gainOf(
  whole: Answered,
  pairs: readonly (readonly [Answered, Answered])[],
  { success, random, replicates }: Context,
): Interval | null {
  const { metric } = success;
  const halves = pairs.flat();
  const over = [whole, ...halves].map((answered) => metrics[metric].over(answered));
  const found = bootstrap(
    whole.labels.length,
    (weights) => {
      const [all = Number.NaN, ...parts] = over.map((statistic) => statistic(weights));
      return signed(success, all - mean(parts));
    },
    { random, replicates, confidence },
  );
  if (found === null || pairs.length === 0) return null;
  const squares = pairs.map(([first, second]) => (scoreOf(success, first) - scoreOf(success, second)) ** 2 / 2);
  const spread = criticalStudent(confidence, pairs.length) * Math.sqrt(mean(squares));
  const { value } = found;
  const unseen = matchedDifference(0, 0, rowsBehind(success, whole), confidence)?.high ?? 1;
  const low = value - Math.hypot(value - found.low, spread, unseen);
  const high = value + Math.hypot(found.high - value, spread, unseen);
  return { value, low, high, confidence, n: found.n };
}

/** Accuracy rests on all rows, the other measures on those of each class: the fewest that there are of one. */
function rowsBehind({ metric }: Success, { labels, classes }: Answered): number {
  const counts = new Float64Array(classes);
  for (const label of labels) if (label >= 0) counts[label]! += 1;
  const present = counts.filter((rows) => rows > 0);
  return metric === "accuracy" ? present.reduce((sum, rows) => sum + rows, 0) : Math.min(...present);
}

/** From the fewest rows to all; the band reaches from the worst to the best of the models of one size. */
function curve(learner: GrownLearner, grown: Growing, success: Success, answered: (given: GrownAnswers) => Answered): Series[] {
  const points = [
    ...learner.sizes.map(({ trainingRows, pairs }) => ({
      trainingRows,
      values: pairs.flat().map((each) => scoreOf(success, answered(each))),
    })),
    { trainingRows: grown.trainingRows, values: [scoreOf(success, answered(learner.whole))] },
  ].toSorted((a, b) => a.trainingRows - b.trainingRows);
  if (points.some(({ values }) => !values.every(Number.isFinite))) return [];
  const { says, unit } = metricWords[success.metric];
  return [
    {
      name: `${says} of a ${learner.name} by training rows, from the worst to the best of each size`,
      kind: "line",
      x: { label: "training rows", unit: "rows", values: points.map(({ trainingRows }) => trainingRows) },
      y: { label: says, unit, values: points.map(({ values }) => mean(values)) },
      low: points.map(({ values }) => Math.min(...values)),
      high: points.map(({ values }) => Math.max(...values)),
    },
  ];
}
