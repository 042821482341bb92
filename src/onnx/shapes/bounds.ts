import type { Constant, Known, Node } from "../program.ts";
import { isInteger } from "./fold/arrays.ts";
import type { Scope } from "./scope.ts";

/** The one constant number among two inputs of whole numbers, and the other input's name. */
function oneNumber({ inputs: names }: Node, inputs: readonly (Known | undefined)[]) {
  if (names.length !== 2 || !inputs.every((value) => value !== undefined && isInteger(value.element) && value.dims.length === 0))
    return undefined;
  const at = inputs.findIndex((value) => value?.constant !== undefined);
  const constant = inputs[at]?.constant;
  return constant && { constant, number: Number(constant.values[0]), other: names[1 - at] ?? "" };
}

/**
 * A number that Max keeps at or above a bound is that bound after a Min that keeps it at or below: so Keras writes how many categories it counts.
 * Remembers what Max keeps; gives the constant that Min gives, if it is one.
 */
export function clamped({ walk }: Scope, node: Node, inputs: readonly (Known | undefined)[]): readonly Constant[] | undefined {
  if (node.domain !== "" || (node.op !== "Max" && node.op !== "Min")) return undefined;
  const found = oneNumber(node, inputs);
  if (found === undefined) return undefined;
  if (node.op === "Max") walk.least.set(node.outputs[0] ?? "", found.number);
  const least = walk.least.get(found.other);
  return node.op === "Min" && least !== undefined && least >= found.number ? [found.constant] : undefined;
}
