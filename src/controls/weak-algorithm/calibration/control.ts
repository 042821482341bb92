import { type Calibration, calibrationError } from "../../../tensor/index.ts";
import { defineControl, effort, number, randomness } from "../../define.ts";
import type { Measure, Measured, Series } from "../../measured.ts";
import { scoredPredictions } from "../../needs/predictions.ts";
import { favourableOrNone } from "../../needs/splits.ts";
import { pointAmounts } from "../../shared/amounts.ts";
import { plain } from "../../shared/pairs/seen.ts";
import { claimsOf } from "../../shared/scores/claims.ts";
import { besideLimit, moreRows, sideOf } from "../../shared/sides.ts";
import { met, undecided, unmet } from "../../verdicts.ts";

const population = "rows like those of the test split";
const bins = 15;

/** Claims that predicted probabilities and observed rates differ by no more than `error` on average, among rows like those of the test split. */
export const calibration = defineControl({
  claim: "weak-algorithm/calibration",
  needs: {
    answers: scoredPredictions({ split: "test" }),
    favourable: favourableOrNone(),
    random: randomness("weak-algorithm/calibration"),
    replicates: effort({ quick: 500, standard: 1000, thorough: 5000 }),
  },
  policy: {
    error: number(0.05, "our own convention: of a hundred cases called 80 % sure, 75 to 85 come true", "points"),
    chance: number(
      0.05,
      "the usual level of a test (R. A. Fisher 1925): a perfectly calibrated model shows as much at most once in twenty test splits",
      "share",
    ),
  },

  measure({ answers, favourable, random, replicates }) {
    const { confidences, happened, of } = claimsOf(answers, favourable);
    const seen = calibrationError(confidences, happened, { random, replicates, bins });
    return seen === null ? { measures: [] } : measuredOf(seen, of);
  },

  judge({ measures }, { error, chance }) {
    const named = (name: string) => measures.find((measure) => measure.name === name);
    const [own, byChance] = [named("calibration-error"), named("as-large-if-calibrated")];
    if (own === undefined) return undecided("no test row has a label", { remedy: "Test on labelled rows." });
    const decisive = [{ measure: own, limit: error, better: "low" as const }];
    const reason = `the probabilities differ from what happened by ${besideLimit(own, error, pointAmounts)} on average`;
    const side = sideOf(own, error, "low");
    if (side === "good") return met(reason, { decisive });
    if (side === "both") return undecided(`${reason}, too wide to tell`, { remedy: moreRows(own, error), decisive });
    if (byChance !== undefined && byChance.value > chance) {
      return undecided(`${reason}, but perfectly calibrated probabilities would often show as much on so few rows`, {
        remedy: moreRows(own, error),
        decisive,
      });
    }
    const remedy =
      "Calibrate the scores on the evaluation split (isotonic or Platt scaling, or one temperature for a net), never on the test split, and export the model with that step; or do not show its scores as probabilities.";
    return unmet(reason, { remedy, decisive });
  },
});

function measuredOf({ n, ece, debiased, null: calibrated, brier, logLoss, points }: Calibration, of: NonNullable<Measure["of"]>): Measured {
  const { value, low, high, confidence } = debiased;
  return {
    measures: [
      { name: "calibration-error", value, unit: "points", low, high, confidence, n, population, baseline: 0, of },
      { name: "plain-calibration-error", value: ece, unit: "points", n, baseline: calibrated.mean, of },
      { name: "as-large-if-calibrated", value: calibrated.pValue, unit: "share", n, of },
      { name: "brier-score", value: brier, unit: "score", n, of },
      { name: "log-loss", value: logLoss, unit: "nats", n, of },
    ],
    series: [reliability(points, String(of.probability))],
  };
}

const reliability = (points: Calibration["points"], probability: string): Series => ({
  name: "what came true of what was said",
  kind: "points",
  x: { label: `mean probability of ${plain(probability)}`, values: points.map((bin) => bin.confidence) },
  y: { label: "share that came true", values: points.map((bin) => bin.observed) },
  low: points.map((bin) => bin.low),
  high: points.map((bin) => bin.high),
  reference: points.map((bin) => bin.confidence),
});
