import { floatsOf, intOf, intsOf, tensorOf, textsOf } from "../attributes.ts";
import type { Element } from "../program.ts";
import { type Call, dim, input, known, mismatch, type Rule, rank, sizeOf } from "./call.ts";
import { replaced } from "./dims.ts";
import { same } from "./elementwise.ts";

/** Rows of the input; a vector is one. */
const rowsOf = (call: Call) => (rank(input(call, 0)) < 2 ? 1 : dim(input(call, 0), 0));

const count = (call: Call, names: readonly string[]): number =>
  names.reduce((most, name) => Math.max(most, (textsOf(call.node, name) ?? intsOf(call.node, name) ?? []).length), 0);

/** A label for each row, and scores of that many classes. */
function classified(call: Call, strings: string, classes: number) {
  const label: Element = (textsOf(call.node, strings) ?? []).length > 0 ? "string" : "int64";
  return [known(label, [rowsOf(call)]), known("float32", [rowsOf(call), classes])];
}

const forestLabels = ["classlabels_strings", "classlabels_int64s"];
const labels = ["classlabels_strings", "classlabels_ints"];

/** One score of two labelled classes is given as two. */
const linearClassifier: Rule = (call) => {
  const scores = floatsOf(call.node, "intercepts")?.length ?? 0;
  return classified(call, "classlabels_strings", scores === 1 && count(call, labels) === 2 ? 2 : scores);
};

/** Without probabilities, a machine of support vectors gives a score for each pair of classes. */
const svmClassifier: Rule = (call) => {
  const classes = count(call, labels);
  const isPaired =
    (intsOf(call.node, "vectors_per_class") ?? []).some((vectors) => vectors > 0) && (floatsOf(call.node, "prob_a") ?? []).length === 0;
  return classified(call, "classlabels_strings", isPaired && classes > 2 ? (classes * (classes - 1)) / 2 : classes);
};

const predicted =
  (targets: (call: Call) => number, element: (call: Call) => Element): Rule =>
  (call) => [known(element(call), [rowsOf(call), targets(call)])];

const targetsNamed = (name: string) => (call: Call) => intOf(call.node, name, 1);
const single = (): Element => "float32";

const asFloats: Rule = (call) => [known("float32", input(call, 0).dims)];

function encodedElement(call: Call): Element {
  const { node } = call;
  const given = tensorOf(node, "values_tensor")?.element;
  if (given !== undefined) return given;
  if (textsOf(node, "values_strings") !== undefined) return "string";
  if (intsOf(node, "values_int64s") !== undefined) return "int64";
  if (floatsOf(node, "values_floats") !== undefined) return "float32";
  return input(call, 0).element === "string" ? "int64" : "string";
}

const labelEncoder: Rule = (call) => [known(encodedElement(call), input(call, 0).dims)];

const oneHotEncoder: Rule = (call) => [known("float32", [...input(call, 0).dims, count(call, ["cats_strings", "cats_int64s"])])];

const arrayFeatureExtractor: Rule = (call) => {
  const { element, dims } = input(call, 0);
  const asked = sizeOf(input(call, 1).dims);
  if (dims.length === 0) mismatch(call, "a single number has no features");
  return [known(element, dims.length === 1 ? [1, asked] : replaced(dims, dims.length - 1, asked))];
};

const featureVectorizer: Rule = (call) => {
  const sizes = intsOf(call.node, "inputdimensions") ?? mismatch(call, "inputdimensions is missing");
  return [known("float32", [rowsOf(call), sizes.reduce((sum, size) => sum + size, 0)])];
};

const categoryMapper: Rule = (call) => {
  const { element, dims } = input(call, 0);
  return [known(element === "string" ? "int64" : "string", dims)];
};

/** What it gives is no tensor. */
const noTensor: Rule = () => [];

/** The operators of ai.onnx.ml, as onnxruntime has them. */
export const learned: Readonly<Record<string, Rule>> = {
  TreeEnsembleClassifier: (call) => classified(call, "classlabels_strings", count(call, forestLabels)),
  TreeEnsembleRegressor: predicted(targetsNamed("n_targets"), single),
  TreeEnsemble: predicted(targetsNamed("n_targets"), (call) => input(call, 0).element),
  LinearClassifier: linearClassifier,
  LinearRegressor: predicted(targetsNamed("targets"), single),
  SVMClassifier: svmClassifier,
  SVMRegressor: predicted(() => 1, single),
  Scaler: asFloats,
  Normalizer: asFloats,
  Imputer: same,
  Binarizer: same,
  LabelEncoder: labelEncoder,
  OneHotEncoder: oneHotEncoder,
  ArrayFeatureExtractor: arrayFeatureExtractor,
  FeatureVectorizer: featureVectorizer,
  CategoryMapper: categoryMapper,
  ZipMap: noTensor,
};
