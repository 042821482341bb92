import type { MetricName } from "../../../tensor/index.ts";
import type { Unit } from "../../measured.ts";
import { type Amounts, pointAmounts, shareAmounts } from "../amounts.ts";

interface MetricWords {
  readonly says: string;
  readonly unit: Unit;
  readonly amounts: Amounts;
  /** How differences are written. */
  readonly gaps: Amounts;
}

const inShares = (says: string): MetricWords => ({
  says,
  unit: "share",
  amounts: shareAmounts,
  gaps: pointAmounts,
});
const inScores = (says: string, unit: Unit, after = ""): MetricWords => {
  const amounts = { unit: after, scale: 1, digits: 3 };
  return { says, unit, amounts, gaps: amounts };
};

/** How measures of success are named and written. */
export const metricWords: Readonly<Record<MetricName, MetricWords>> = {
  accuracy: inShares("accuracy"),
  "balanced-accuracy": inShares("balanced accuracy"),
  recall: inShares("recall"),
  precision: inShares("precision"),
  f1: inScores("F1 score", "score"),
  "macro-f1": inScores("macro F1 score", "score"),
  "roc-auc": inScores("area under the ROC curve", "score"),
  "average-precision": inScores("average precision", "score"),
  "log-loss": inScores("log loss", "nats", "nats"),
};
