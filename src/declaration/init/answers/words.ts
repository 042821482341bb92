import { phraseOf } from "../columns.ts";

/** Names of columns as the libraries and services of the field write them, as phrases: `y_true`, `yTrue` and `Y true` alike. The surer come first. */
const truths: readonly (readonly string[])[] = [
  [
    "y true",
    "true",
    "truth",
    "ground truth",
    "groundtruth",
    "gt",
    "gold",
    "gold label",
    "actual",
    "actuals",
    "actual label",
    "actual class",
    "actual value",
    "true label",
    "true class",
    "observed",
    "obs",
    "y actual",
    "y test",
    "y obs",
    "correct label",
    "reference",
    "wahr",
    "ist",
    "istwert",
    "tatsachlich",
    "reel",
    "verite",
    "verdad",
    "valor real",
  ],
  ["label", "labels", "target", "targets", "class", "y", "expected", "outcome", "zielvariable", "klasse", "etiquette", "clase", "objetivo"],
];

const answers: readonly string[] = [
  "y pred",
  "y preds",
  "ypred",
  "yhat",
  "y hat",
  "y predicted",
  "pred",
  "preds",
  "prediction",
  "predictions",
  "predicted",
  "predict",
  "predicted label",
  "pred label",
  "prediction label",
  "label predicted",
  "label pred",
  "predicted class",
  "pred class",
  "prediction class",
  "predicted value",
  "scored label",
  "scored labels",
  "model output",
  "model prediction",
  "model answer",
  "output",
  "outputs",
  "answer",
  "vorhersage",
  "vorhergesagt",
  "prognose",
  "prevision",
  "prediccion",
  "pronostico",
];

const scores: readonly string[] = [
  "y score",
  "y scores",
  "y prob",
  "y proba",
  "y probability",
  "y pred proba",
  "y pred prob",
  "y pred score",
  "y hat prob",
  "pred proba",
  "pred prob",
  "pred score",
  "predicted proba",
  "predicted prob",
  "predicted probability",
  "predicted score",
  "prediction probability",
  "prediction score",
  "scored probabilities",
  "positive probability",
  "prob positive",
  "proba positive",
  "prob",
  "proba",
  "probability",
  "probabilities",
  "score",
  "scores",
  "confidence",
  "p hat",
  "phat",
  "p",
  "logit",
  "logits",
  "decision function",
  "margin",
];

/** Columns that are called just so may be features as well: alone they tell nothing. */
const common = new Set(["score", "scores", "confidence", "p", "margin", "output", "outputs", "answer"]);

/** What may stand beside a class's name in the name of its column of scores. */
const beside = new Set(
  "y pred prediction predictions predicted predict prob probs proba probas probability probabilities score scores scored p confidence conf for of class model logit logits hat".split(
    " ",
  ),
);

/** How sure a name is of the truth: 0 is surest; null where it tells nothing. */
export function truthRank(name: string): number | null {
  const rank = truths.findIndex((names) => names.includes(phraseOf(name)));
  return rank < 0 ? null : rank;
}

export const isAnswerName = (name: string) => answers.includes(phraseOf(name));
export const isScoreName = (name: string) => scores.includes(phraseOf(name));
export const isCommon = (name: string) => common.has(phraseOf(name));
export const saysLogits = (name: string) => /\b(logits?|margin|decision function)\b/.test(phraseOf(name));

/** `predicted_income`, `income_pred`: called like answers to a column of that name. */
export const isAnswerTo = (name: string, truth: string) => {
  const words = phraseOf(name).split(" ");
  const others = words.filter((word) => !/^(y|pred|preds|predicted|prediction|predict|label|class|hat)$/.test(word));
  return others.length < words.length && others.join(" ") === phraseOf(truth);
};

/** Called like some answer, of a model perhaps: `pred_forest`. */
export const mentionsAnswer = (name: string) =>
  phraseOf(name)
    .split(" ")
    .some((word) => /^(pred|preds|predicted|prediction|yhat)$/.test(word));

/**
 * Whether a column is called like the scores of a class: `p_yes`, `.pred_yes`, `P (churn=yes)`, `churn_yes_score`, `Scored Probabilities for Class "yes"`, or just `yes`.
 * `truth` is the label column's name, which some services write before the class.
 */
export function isScoreOf(name: string, className: string, truth: string | null): boolean {
  const text = name.toLowerCase();
  const key = className.trim().toLowerCase();
  if (key === "") return false;
  const allowed = new Set([...beside, ...(truth === null ? [] : phraseOf(truth).split(" "))]);
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const around = [text.slice(0, at), text.slice(at + key.length)];
    if (
      around.every((part) =>
        phraseOf(part)
          .split(" ")
          .every((word) => word === "" || allowed.has(word)),
      )
    )
      return true;
  }
  return false;
}
