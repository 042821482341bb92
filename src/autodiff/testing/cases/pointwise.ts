import { float } from "../../../onnx/index.ts";
import type { Attributes } from "../../pullback.ts";
import type { pointwise } from "../../pullbacks/pointwise.ts";
import type { CaseMaker } from "../check-pullback.ts";
import type { Range } from "../sampler.ts";

const of =
  (op: string, range: Range = {}, attributes: Attributes = {}): CaseMaker =>
  (s) => ({ op, attributes, inputs: [s.real(s.dims(s.whole(0, 3)), range)] });

const narrow =
  (make: CaseMaker): CaseMaker =>
  (s) => ({ ...make(s), narrow: true });

const above = { low: 0.1, high: 3 };
const inner = { low: -0.9, high: 0.9 };
const atZero = { kinks: [0] };

export const pointwiseCases: Record<keyof typeof pointwise, readonly CaseMaker[]> = {
  Identity: [of("Identity")],
  Neg: [of("Neg")],
  Abs: [of("Abs", atZero)],
  Sqrt: [of("Sqrt", above)],
  Exp: [of("Exp")],
  Log: [of("Log", above)],
  Reciprocal: [of("Reciprocal", above)],
  Sin: [of("Sin")],
  Cos: [of("Cos")],
  Tan: [of("Tan", { low: -1.2, high: 1.2 })],
  Asin: [of("Asin", inner)],
  Acos: [of("Acos", inner)],
  Atan: [of("Atan")],
  Sinh: [of("Sinh")],
  Cosh: [of("Cosh")],
  Tanh: [of("Tanh")],
  Asinh: [of("Asinh")],
  Acosh: [of("Acosh", { low: 1.2, high: 4 })],
  Atanh: [of("Atanh", inner)],
  Erf: [of("Erf")],
  Sigmoid: [of("Sigmoid", { low: -6, high: 6 })],
  Relu: [of("Relu", atZero)],
  LeakyRelu: [of("LeakyRelu", atZero), of("LeakyRelu", atZero, { alpha: float(0.3) }), of("LeakyRelu", atZero, { alpha: float(-0.5) })],
  Elu: [of("Elu", atZero), of("Elu", atZero, { alpha: float(0.4) })],
  Selu: [of("Selu", atZero), of("Selu", atZero, { alpha: float(2), gamma: float(0.7) })],
  Celu: [of("Celu"), of("Celu", atZero, { alpha: float(0.5) })],
  Gelu: [of("Gelu"), of("Gelu", {}, { approximate: "tanh" }), of("Gelu", {}, { approximate: "none" })],
  HardSigmoid: [of("HardSigmoid", { low: -4, high: 4, kinks: [-2.5, 2.5] }), of("HardSigmoid", { kinks: [-1, 1] }, { alpha: float(0.5) })],
  HardSwish: [of("HardSwish", { low: -5, high: 5, kinks: [-3, 3] })],
  Mish: [of("Mish")],
  Shrink: [narrow(of("Shrink", { kinks: [-0.5, 0.5] })), narrow(of("Shrink", { kinks: [-1, 1] }, { lambd: float(1), bias: float(0.5) }))],
  Softplus: [of("Softplus")],
  Softsign: [of("Softsign")],
  ThresholdedRelu: [of("ThresholdedRelu", { kinks: [1] }), of("ThresholdedRelu", { kinks: [-0.5] }, { alpha: float(-0.5) })],
};
