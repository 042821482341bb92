import { textOf } from "../../onnx/index.ts";
import { mathsOf } from "../maths.ts";
import { NoGradient } from "../missing.ts";
import type { Builder, Value } from "../pullback.ts";
import { type Row, row, unary } from "./rows.ts";

/** Probabilities, their logarithms, and the loss that is made of them. */
export const softmax = {
  Softmax: unary((given) => {
    const { m, dy, y } = given;
    return m.mul(y, m.sub(dy, m.sum(m.mul(dy, y), axisOf(given))));
  }),
  LogSoftmax: unary((given) => {
    const { m, dy, y } = given;
    return m.sub(dy, m.mul(m.of("Exp", y), m.sum(dy, axisOf(given))));
  }),
  SoftmaxCrossEntropyLoss: row((given) => [crossEntropy(given), null]),
};

const axisOf = ({ m, x, int }: Row) => {
  const axis = int("axis", -1);
  return axis < 0 ? axis + m.dims(x).length : axis;
};

/** Softmax minus the label's indicator. Scores [rows, classes] with a loss for each row: the form in which losses are added here. */
function crossEntropy({ m, pulled, node, dy, x, b }: Row): Value {
  const { build } = pulled;
  const isPlain = textOf(node, "reduction", "mean") === "none" && node.inputs.length === 2 && !node.attributes.has("ignore_index");
  if (!isPlain || m.dims(x).length !== 2)
    throw new NoGradient("only its plain form for rows of scores has one (reduction none, no weights)");
  const [rows = 0, classes = 0] = m.dims(x);
  return m.mul(m.sub(build.add("Softmax", [x], { axis: 1 }), indicatorOf(build, b, classes, x)), m.reshape(dy, [rows, 1]));
}

/** 1 at an index of each row, else 0, in the type of `like`: [rows, classes]. onnxruntime has OneHot in float32 alone. */
export function indicatorOf(build: Builder, at: Value, classes: number, like: Value): Value {
  const hot = build.add("OneHot", [at, build.ints(classes), build.constant(Float32Array.of(0, 1), [2])], { axis: -1 });
  return mathsOf(build).cast(hot, like);
}
