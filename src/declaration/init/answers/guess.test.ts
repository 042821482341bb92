import { describe, expect, test } from "vitest";
import type { ColumnFacts, TableFacts } from "../../../data/index.ts";
import { type GivenColumns, guessAnswers } from "./guess.ts";

const text = (name: string, ...values: string[]): ColumnFacts => ({
  name,
  kind: "text",
  missing: 0,
  distinct: values.length,
  values: values.map((value) => ({ value, rows: 10 })),
});
const boolean = (name: string): ColumnFacts => ({ ...text(name, "true", "false"), kind: "boolean" });
const whole = (name: string, max = 1, min = 0): ColumnFacts => ({
  name,
  kind: "number",
  missing: 0,
  distinct: max - min + 1,
  integer: true,
  min,
  max,
});
const share = (name: string, min = 0.01, max = 0.99): ColumnFacts => ({
  name,
  kind: "number",
  missing: 0,
  distinct: 180,
  integer: false,
  min,
  max,
});
const feature = (name: string) => share(name, -4, 90);
const counter = (name: string): ColumnFacts => ({ ...whole(name, 199), distinct: 200 });

const facts = (columns: readonly ColumnFacts[]): TableFacts => ({ rows: 200, columns, reading: { format: "csv", notes: [] } });

/** What was taken for what: truth, answers, scores. */
function guessed(columns: readonly ColumnFacts[], given: GivenColumns = {}) {
  const found = guessAnswers(facts(columns), given);
  if ("unsure" in found) return found;
  const { label, prediction, scores } = found;
  return [
    label.name,
    prediction?.name ?? null,
    scores === null ? null : typeof scores.columns === "string" ? { [scores.of ?? "?"]: scores.columns } : scores.columns,
  ];
}

const yesNo = (name: string) => text(name, "no", "yes");

test.each<[string, readonly ColumnFacts[], unknown]>([
  ["scikit-learn, by hand", [counter("id"), whole("y_true"), whole("y_pred"), share("y_score")], ["y_true", "y_pred", { 1: "y_score" }]],
  ["scikit-learn's predict_proba beside the truth", [whole("target"), share("0"), share("1")], ["target", null, { 0: "0", 1: "1" }]],
  ["a booster's probabilities, called predictions", [whole("label"), share("prediction")], ["label", null, { 1: "prediction" }]],
  [
    "pandas with feature columns",
    [feature("age"), text("sex", "f", "m"), yesNo("churn"), yesNo("predicted_churn"), share("prob_yes")],
    ["churn", "predicted_churn", { yes: "prob_yes" }],
  ],
  ["caret", [yesNo("pred"), yesNo("obs"), share("no"), share("yes"), counter("rowIndex")], ["obs", "pred", { no: "no", yes: "yes" }]],
  [
    "tidymodels",
    [share(".pred_no"), share(".pred_yes"), yesNo(".pred_class"), yesNo("churn")],
    ["churn", ".pred_class", { no: ".pred_no", yes: ".pred_yes" }],
  ],
  ["H2O, numbers", [whole("predict"), share("p0"), share("p1"), whole("target")], ["target", "predict", { 0: "p0", 1: "p1" }]],
  [
    "H2O, texts",
    [text("predict", "bad", "good"), share("bad"), share("good"), text("class", "bad", "good")],
    ["class", "predict", { bad: "bad", good: "good" }],
  ],
  [
    "Azure ML's designer",
    [text("income", "<=50K", ">50K"), text("Scored Labels", "<=50K", ">50K"), share("Scored Probabilities")],
    ["income", "Scored Labels", { ">50K": "Scored Probabilities" }],
  ],
  [
    "Azure ML, each class",
    [
      text("class", "a", "b", "c"),
      share('Scored Probabilities for Class "a"'),
      share('Scored Probabilities for Class "b"'),
      share('Scored Probabilities for Class "c"'),
      text("Scored Labels", "a", "b", "c"),
    ],
    [
      "class",
      "Scored Labels",
      { a: 'Scored Probabilities for Class "a"', b: 'Scored Probabilities for Class "b"', c: 'Scored Probabilities for Class "c"' },
    ],
  ],
  [
    "Vertex AI",
    [text("income", "<=50K", ">50K"), share("income_<=50K_score"), share("income_>50K_score"), text("predicted_income", "<=50K", ">50K")],
    ["income", "predicted_income", { "<=50K": "income_<=50K_score", ">50K": "income_>50K_score" }],
  ],
  ["SageMaker Autopilot", [yesNo("y"), yesNo("predicted_label"), share("probability")], ["y", "predicted_label", { yes: "probability" }]],
  [
    "ML.NET",
    [boolean("Label"), boolean("PredictedLabel"), share("Probability"), feature("Score")],
    ["Label", "PredictedLabel", { true: "Probability" }],
  ],
  [
    "RapidMiner",
    [yesNo("churn"), yesNo("prediction(churn)"), share("confidence(no)"), share("confidence(yes)")],
    ["churn", "prediction(churn)", { no: "confidence(no)", yes: "confidence(yes)" }],
  ],
  [
    "KNIME",
    [yesNo("churn"), yesNo("Prediction (churn)"), share("P (churn=no)"), share("P (churn=yes)")],
    ["churn", "Prediction (churn)", { no: "P (churn=no)", yes: "P (churn=yes)" }],
  ],
  [
    "DataRobot",
    [yesNo("readmitted"), yesNo("readmitted_PREDICTION"), share("readmitted_no_PREDICTION"), share("readmitted_yes_PREDICTION")],
    ["readmitted", "readmitted_PREDICTION", { no: "readmitted_no_PREDICTION", yes: "readmitted_yes_PREDICTION" }],
  ],
  [
    "PyCaret, with raw scores",
    [whole("target"), whole("prediction_label"), share("prediction_score_0"), share("prediction_score_1")],
    ["target", "prediction_label", { 0: "prediction_score_0", 1: "prediction_score_1" }],
  ],
  ["MLflow's evaluation", [whole("target", 2), whole("outputs", 2)], ["target", "outputs", null]],
  [
    "Hugging Face by hand",
    [text("true_label", "neg", "neu", "pos"), text("pred_label", "neg", "neu", "pos")],
    ["true_label", "pred_label", null],
  ],
  [
    "a truth that is known by its values alone",
    [feature("x"), text("colour", "red", "blue"), text("quality", "bad", "good"), text("prediction", "bad", "good")],
    ["quality", "prediction", null],
  ],
  ["logits", [whole("y_true"), whole("y_pred"), share("logits", -6, 5)], ["y_true", "y_pred", { 1: "logits" }]],
])("%s", (_, columns, expected) => {
  expect(guessed(columns)).toEqual(expected);
});

describe("where a guess is not safe", () => {
  test.each<[string, readonly ColumnFacts[], RegExp, RegExp]>([
    ["two columns of answers", [whole("y_true"), whole("pred_tree"), whole("pred_net")], /“pred_tree”, “pred_net”/, /--prediction/],
    ["two columns of truth", [whole("label"), whole("target"), whole("y_pred")], /“label”, “target”/, /--label/],
    ["no column of truth", [whole("y_pred"), feature("x")], /hold the truth/, /--label COLUMN.*“x”/],
    [
      "a truth that is a quantity",
      [{ ...feature("y_true"), distinct: 150 }, feature("y_pred")],
      /“y_true” holds 150 different values, as of a quantity/,
      /--label/,
    ],
    ["a truth of one value", [whole("y_true", 1, 1), whole("y_pred", 1, 1)], /“y_true” holds one value alone/, /every class/],
    ["no column of answers", [whole("y_true"), feature("x")], /hold the answers/, /--prediction COLUMN.*--scores COLUMN/],
    ["a quantity", [whole("y_true"), feature("prediction")], /180 different numbers, as of a quantity/, /--prediction/],
    [
      "answers that count the classes",
      [yesNo("y_true"), whole("y_pred")],
      /answers “0”, “1”, none of the classes/,
      /--class "no" --class "yes"/,
    ],
    ["answers of other classes", [yesNo("y_true"), text("y_pred", "ham", "spam")], /answers “ham”, “spam”/, /--label/],
    ["more classes than are told", [{ ...text("y_true", "a", "b"), distinct: 60 }, yesNo("y_pred")], /60 different values/, /--class/],
  ])("%s: it says what to add", (_, columns, unsure, remedy) => {
    expect(guessed(columns)).toEqual({ unsure: expect.stringMatching(unsure), remedy: expect.stringMatching(remedy) });
  });

  test.each<[string, ColumnFacts, RegExp]>([
    ["speak of the answered class", share("prediction_score", 0.5, 1), /none lies below 0\.5/],
    ["are no probabilities", share("y_score", 0, 100), /outside 0 to 1/],
  ])("scores that %s are left out, and it says so", (_, scores, says) => {
    const found = guessAnswers(facts([whole("y_true"), whole("y_pred"), scores]));
    expect(found).toMatchObject({ scores: null, notes: [expect.stringMatching(says)] });
  });

  test("of a truth that is said, the one column of its very words is the answers", () => {
    const words = ["paid", "late"];
    const columns = [text("A", ...words), text("B", ...words), text("C", "north", "south"), share("d")];
    expect(guessed(columns, { label: "A", scores: "d" })).toEqual(["A", "B", { paid: "d" }]);
    expect(guessed([...columns, text("E", ...words)], { label: "A", scores: "d" })).toEqual(["A", null, { paid: "d" }]);
  });

  test("what is said is taken, whatever the names", () => {
    const columns = [whole("a"), whole("b"), whole("c"), share("d")];
    expect(guessed(columns, { label: "b", prediction: "c", scores: "d" })).toEqual(["b", "c", { 1: "d" }]);
    expect(guessed(columns, { label: "z", prediction: "c" })).toMatchObject({ unsure: expect.stringContaining("no column “z”") });
  });
});

describe("of a folder's table, only names that no feature has", () => {
  test.each<[string, readonly ColumnFacts[], boolean]>([
    ["y_true and y_pred", [whole("y_true"), whole("y_pred")], true],
    ["a feature called score", [whole("label"), share("score"), feature("x")], false],
    ["a feature called p", [whole("label"), share("p")], false],
    ["columns of each class", [yesNo("label"), share("p_no"), share("p_yes")], true],
  ])("%s", (_, columns, found) => {
    expect("label" in guessAnswers(facts(columns), {}, { sure: true })).toBe(found);
  });
});

test.each<[string, readonly string[], string, string | null]>([
  ["good beside bad", ["bad", "good"], "risk", "good"],
  ["an approval's yes", ["0", "1"], "approved", "1"],
  ["a yes that may be of fraud", ["no", "yes"], "fraud", null],
  ["a one", ["0", "1"], "y_true", null],
])("the favourable label is guessed only where words tell: %s", (_, values, label, wished) => {
  const found = guessAnswers(facts([text(label, ...values), text("y_pred", ...values)]), { label });
  expect("unsure" in found ? found : (found.favourable?.name ?? null)).toBe(wished);
});
