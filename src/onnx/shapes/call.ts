import { quoted } from "../../base/index.ts";
import { intOf } from "../attributes.ts";
import { elementOf } from "../element.ts";
import type { Constant, Element, Known, Node } from "../program.ts";

/** One node with what is known of its inputs; undefined where an optional one is left out. */
export interface Call {
  readonly node: Node;
  readonly inputs: readonly (Known | undefined)[];
}

/** Type and shape of each output, for one operator. Throws ShapeError. */
export type Rule = (call: Call) => readonly Known[];

/** Why the shapes after a node are not known: its inputs do not fit, it would be too large, or it follows from more than shapes and constants. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly kind: "mismatch" | "unknown" | "large";
  readonly node: Node;

  constructor(kind: ShapeError["kind"], node: Node, message: string) {
    super(message);
    this.kind = kind;
    this.node = node;
  }
}

/** An input of which nothing is known: a rule that looks at it is told why; one that need not goes through. */
export class Shapeless implements Known {
  readonly reason: ShapeError;

  constructor(reason: ShapeError) {
    this.reason = reason;
  }

  get element(): never {
    throw this.reason;
  }

  get dims(): never {
    throw this.reason;
  }
}

const longestText = 200;
const short = (text: string) => (text.length > longestText ? `${text.slice(0, longestText)}...` : text);

/** `conv1 (Conv of float32[1,3,8,8], float32[4,3,3,3])`. */
export function callText({ node, inputs }: Call): string {
  const values = inputs.map((value) => {
    if (value instanceof Shapeless) return "something unknown";
    return value === undefined ? "nothing" : `${value.element}[${value.dims}]`;
  });
  const of = values.length > 0 ? ` of ${values.join(", ")}` : "";
  return `${quoted(node.name || node.outputs[0] || "")} (${short(quoted(node.op).slice(1, -1) + of)})`;
}

/** The inputs do not fit each other or the attributes. */
export function mismatch(call: Call, why: string): never {
  throw new ShapeError("mismatch", call.node, `${callText(call)}: ${why}`);
}

/** The shape follows from values that only a run gives. */
export function unknown(call: Call, why: string): never {
  throw new ShapeError("unknown", call.node, `${callText(call)}: ${why}`);
}

export const known = (element: Element, dims: readonly number[]): Known => ({ element, dims });

/** An input that the operator cannot do without. */
export function input(call: Call, at: number): Known {
  return call.inputs[at] ?? mismatch(call, `input ${at} is missing`);
}

export const rank = (value: Known) => value.dims.length;
export const sizeOf = (dims: readonly number[]) => (dims.includes(0) ? 0 : dims.reduce((product, dim) => product * dim, 1));
export const dim = (value: Known, at: number) => value.dims[at] ?? 1;

/** An input of that many dimensions. */
export function ofRank(call: Call, at: number, wanted: number): Known {
  const value = input(call, at);
  if (rank(value) !== wanted) mismatch(call, `input ${at} has ${rank(value)} dimensions instead of ${wanted}`);
  return value;
}

/** The element type that all these inputs (those that are there) have in common. */
export function common(call: Call, from = 0, to = call.inputs.length): Element {
  let element: Element | undefined;
  for (let at = from; at < to; at++) {
    const value = call.inputs[at];
    if (value === undefined) continue;
    if (element !== undefined && value.element !== element) mismatch(call, `${value.element} does not go with ${element}`);
    element = value.element;
  }
  return element ?? mismatch(call, "it has no input");
}

/** The axis counted from the front. */
export function axisOf(call: Call, axis: number, of: number): number {
  const at = axis < 0 ? axis + of : axis;
  if (!(at >= 0 && at < of)) mismatch(call, `there is no axis ${axis} among ${of} dimensions`);
  return at;
}

/** The element type that an attribute gives by ONNX's number; undefined when it is left out. */
export function elementNamed(call: Call, name: string): Element | undefined {
  const type = intOf(call.node, name);
  return type === undefined ? undefined : (elementOf(type) ?? mismatch(call, `its ${name} names no type`));
}

/** No shape, index or axis takes more numbers than this. */
const mostNumbers = 2 ** 23;

/** The numbers of a constant input; undefined when it is left out. */
export function numbers(call: Call, at: number): readonly number[] | undefined {
  const value = call.inputs[at];
  if (value === undefined) return undefined;
  if (value.constant === undefined) unknown(call, `its shape follows from the values of input ${at}, which are known in a run alone`);
  if (sizeOf(value.dims) > mostNumbers) unknown(call, `input ${at} holds more numbers than are looked at`);
  return numbersOf(value.constant);
}

export const numbersOf = ({ values }: Constant): readonly number[] => Array.from(values as ArrayLike<number | bigint>, Number);

/** The one number of a constant input; undefined when it is left out. */
export function number(call: Call, at: number): number | undefined {
  const values = numbers(call, at);
  if (values !== undefined && values.length !== 1) mismatch(call, `input ${at} holds ${values.length} values instead of one`);
  return values?.[0];
}
