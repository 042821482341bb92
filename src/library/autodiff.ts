/**
 * Gradients of any ONNX model: its loss and the gradient of the loss by its inputs (or weights), as a graph of ordinary ONNX operators that runs in one go.
 *
 * Start with {@link gradient}. Arrays are row-major; a row's label is the place of its class among the scores; losses are natural logarithms or differences of logits,
 * higher where the model errs more. An operator that has no gradient is a {@link Problem} that names it, never a zero.
 *
 * @packageDocumentation
 */
export {
  type CutAt,
  type Gradient,
  type GradientGraph,
  type GradientOptions,
  type Gradients,
  gradient,
  gradientGraph,
  type LossGraph,
  type LossName,
  type LossQuestion,
  type Port,
  type Rows,
  type StraightThrough,
} from "../autodiff/index.ts";
export { type Place, Problem, type ProblemCode, Problems, problemsOf } from "../base/index.ts";
export type { Constant, Element, RunOptions, Values } from "../onnx/index.ts";
