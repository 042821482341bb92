import type { Known, Node } from "../program.ts";
import { callText, mismatch, type Rule, ShapeError } from "./call.ts";
import { elementwise } from "./elementwise.ts";
import { images } from "./images.ts";
import { layout } from "./layout.ts";
import { learned } from "./learned.ts";
import { linear } from "./linear.ts";
import { making } from "./making.ts";
import { microsoft } from "./microsoft.ts";
import { quantisation } from "./quantised.ts";
import { recurrence } from "./recurrent.ts";
import { reductions } from "./reductions.ts";
import { selection } from "./selection.ts";
import { signals } from "./signals.ts";
import { texts } from "./texts.ts";
import { windows } from "./windows.ts";

/** How type and shape of the outputs follow from the inputs', per domain and operator, in the canonical opset. */
const infer: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  "": {
    ...elementwise,
    ...images,
    ...layout,
    ...linear,
    ...making,
    ...quantisation,
    ...recurrence,
    ...reductions,
    ...selection,
    ...signals,
    ...texts,
    ...windows,
  },
  "ai.onnx.ml": learned,
  "com.microsoft": microsoft,
};

function ruleOf({ domain, op }: Node): Rule | undefined {
  const table = Object.hasOwn(infer, domain) ? infer[domain] : undefined;
  return table !== undefined && Object.hasOwn(table, op) ? table[op] : undefined;
}

/**
 * Type and shape of each output of a node, from what is known of its inputs (undefined where one is left out). Values are not computed: `constant` is read of inputs and never given.
 * Throws ShapeError, which names the node, its operator and the shapes, when the inputs do not fit, or when the shape follows from values that are not constant.
 */
export function inferNode(node: Node, inputs: readonly (Known | undefined)[]): readonly Known[] {
  const rule = ruleOf(node);
  if (rule === undefined)
    throw new ShapeError("unknown", node, `${callText({ node, inputs })}: nothing is known of this operator's shapes`);
  const call = { node, inputs };
  const outputs = rule(call).slice(0, node.outputs.length);
  for (const { dims } of outputs)
    for (const size of dims) if (!(size >= 0 && Math.trunc(size) === size)) mismatch(call, `it would give [${dims}]`);
  return outputs;
}
