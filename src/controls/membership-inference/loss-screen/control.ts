import { auc, type Interval, mean, roc, tprAtFpr } from "../../../tensor/index.ts";
import { defineControl, number } from "../../define.ts";
import type { Measure, Series } from "../../measured.ts";
import { scoredPredictions } from "../../needs/predictions.ts";
import { type Amounts, shareAmounts } from "../../shared/amounts.ts";
import { lossesOf, membershipScores } from "../../shared/scores/losses.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { type Deciding, met, undecided, unmet } from "../../verdicts.ts";

const population = "training rows against rows like those of the test split";
const falseAlarms = 0.01;
/** Two measures decide, so each interval takes half of the error. */
const confidence = 1 - 0.05 / 2;
const mostPoints = 100;
const areas: Amounts = { unit: "", scale: 1, digits: 3 };

/** Claims that training rows can be told from others by the model's loss on them no better than by the limits, over all and at 1 % false alarms. */
export const lossScreen = defineControl({
  claim: "membership-inference/loss-screen",
  needs: { members: scoredPredictions({ split: "train" }), others: scoredPredictions({ split: "test" }) },
  policy: {
    auc: number(
      0.55,
      "our own convention: 0.5 is a coin; shown a training row and another, an attacker names the right one 55 times in 100",
      "score",
    ),
    hits: number(
      0.02,
      "twice the false alarms: what differential privacy with epsilon = ln 2 = 0.69 would guarantee (P. Kairouz, S. Oh, P. Viswanath, ICML 2015); the epsilon is our own convention",
      "share",
    ),
  },

  measure({ members, others }) {
    const [inside, outside] = [lossesOf(members), lossesOf(others)];
    const { scores, isMember } = membershipScores(inside, outside);
    return {
      measures: [
        ...measureOf("auc", "score", auc(scores, isMember, confidence), 0.5),
        ...measureOf("hits-at-1-percent-false-alarms", "share", tprAtFpr(scores, isMember, falseAlarms, confidence), falseAlarms),
        ...meanLoss("train", inside),
        ...meanLoss("test", outside),
      ],
      series: curve(scores, isMember),
    };
  },

  judge({ measures }, { auc: area, hits }) {
    const limits = { auc: area, "hits-at-1-percent-false-alarms": hits };
    const decisive = Object.entries(limits).flatMap(([name, limit]): Deciding[] => {
      const measure = measures.find((each) => each.name === name);
      return measure === undefined ? [] : [{ measure, limit, better: "low" }];
    });
    if (decisive.length < 2)
      return undecided("there are no labelled rows in one of the splits", { remedy: "Give both splits labelled rows." });
    const worstFirst = decisive.toSorted((a, b) => b.measure.value / b.limit - a.measure.value / a.limit);
    const turned = measures.find(({ name, high = 1 }) => name === "auc" && high < 1 - area);
    if (turned !== undefined) {
      return undecided(
        `the model's loss is larger on training rows than on test rows (${says([{ measure: turned, limit: area, better: "low" }])}): the splits differ in kind, and this screen cannot tell memory from that`,
        { remedy: "Split the data at random, train again and measure again.", decisive: worstFirst },
      );
    }
    const on = (side: string) => worstFirst.filter(({ measure, limit }) => sideOf(measure, limit, "low") === side);
    const [proven, open] = [on("bad"), on("both")];
    if (proven.length > 0)
      return unmet(`the loss tells training rows from others: ${says(proven)}`, { remedy: hardening, decisive: worstFirst });
    const [widest] = open;
    if (widest !== undefined) {
      const remedy = moreRows(widest.measure, widest.limit, "rows of both splits");
      return undecided(`whether the loss tells training rows from others is not clear: ${says(open)}`, { remedy, decisive: worstFirst });
    }
    return met(`this weakest of attacks gains little: ${says(worstFirst)}; a stronger attack may gain more`, { decisive: worstFirst });
  },
});

const hardening =
  "Regularise the model or stop its training earlier, train it on more rows or with differential privacy, and answer labels or rounded scores instead of exact ones; then measure again.";

const words = {
  auc: (measure: Measure, limit: number) => `the area under the ROC curve is ${besideLimit(measure, limit, areas, { joint: "joint" })}`,
  "hits-at-1-percent-false-alarms": (measure: Measure, limit: number) =>
    `at 1 % false alarms it finds ${besideLimit(measure, limit, shareAmounts, { joint: "joint" })} of the training rows`,
};

const says = (shown: readonly Deciding[]) =>
  shown.map(({ measure, limit }) => words[measure.name as keyof typeof words](measure, limit)).join(", and ");

function measureOf(name: keyof typeof words, unit: Measure["unit"], found: Interval | null, baseline: number): Measure[] {
  if (found === null) return [];
  const { value, low, high, n } = found;
  return [{ name, value, unit, low, high, confidence: 0.95, population, baseline, n }];
}

function meanLoss(split: string, losses: Float64Array): Measure[] {
  return losses.length === 0 ? [] : [{ name: "mean-loss", value: mean(losses), unit: "nats", n: losses.length, of: { split } }];
}

/** On a logarithmic axis, since few false alarms are what matters to an attacker. */
function curve(scores: Float64Array, isMember: Uint8Array): Series[] {
  const points = roc(scores, isMember, mostPoints)?.filter(({ falsePositiveRate }) => falsePositiveRate > 0) ?? [];
  if (points.length === 0) return [];
  return [
    {
      name: "training rows found, by false alarms",
      kind: "line",
      x: {
        label: "false alarms as a power of ten (-2 is 1 %)",
        values: points.map(({ falsePositiveRate }) => Math.log10(falsePositiveRate)),
      },
      y: { label: "share of training rows found", values: points.map(({ truePositiveRate }) => truePositiveRate) },
      reference: points.map(({ falsePositiveRate }) => falsePositiveRate),
    },
  ];
}
