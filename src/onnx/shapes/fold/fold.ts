import type { Constant, Known, Node } from "../../program.ts";
import { sizeOf } from "../call.ts";
import { widths } from "../elements.ts";
import { arithmetic } from "./arithmetic.ts";
import type { Fold } from "./arrays.ts";
import { fromShapes, making } from "./making.ts";
import { moving } from "./moving.ts";
import { reducing } from "./reducing.ts";

const folds: Readonly<Record<string, Fold>> = { ...arithmetic, ...making, ...moving, ...reducing };

/** Bytes of a value, at least. */
export const bytesOf = ({ element, dims }: Known): number => sizeOf(dims) * widths[element];

/** Values larger than this are computed by onnxruntime where they are needed. */
export const mostFolded = 8 * 2 ** 20;

/**
 * The values of a node's outputs, exactly as onnxruntime computes them, from inputs whose values are all known. Undefined for operators that are
 * not computed here, for what is larger than 8 MiB, and where the standard leaves a value open. Throws ShapeError on an index out of range.
 */
export function foldNode(node: Node, inputs: readonly (Known | undefined)[], outputs: readonly Known[]): readonly Constant[] | undefined {
  const fold = node.domain === "" && Object.hasOwn(folds, node.op) ? folds[node.op] : undefined;
  if (fold === undefined || outputs.some((output) => bytesOf(output) > mostFolded)) return undefined;
  const isReady = inputs.every((value) => value === undefined || (value.constant !== undefined && bytesOf(value) <= mostFolded));
  return isReady || fromShapes.includes(node.op) ? fold({ node, inputs }, outputs) : undefined;
}
