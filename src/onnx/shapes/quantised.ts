import { elementNamed, input, known, type Rule } from "./call.ts";

/** The type of the zero point, or the one that the node names; uint8 when there is neither. */
export const quantize: Rule = (call) => [
  known(call.inputs[2]?.element ?? elementNamed(call, "output_dtype") ?? "uint8", input(call, 0).dims),
];

/** The type that the node names, or that of the scale. */
export const dequantize: Rule = (call) => [known(elementNamed(call, "output_dtype") ?? input(call, 1).element, input(call, 0).dims)];

export const quantisation: Readonly<Record<string, Rule>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: (call) => [known("uint8", input(call, 0).dims), known("float32", []), known("uint8", [])],
};
