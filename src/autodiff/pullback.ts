import type { Attribute, Known, Node } from "../onnx/index.ts";

/** A value of the graph: its name there. */
export type Value = string;

/** Adds nodes to a graph whose shapes are all known; each is inferred as it is added, so that a wrong one is told here and not by onnxruntime. The same node or constant twice is one. */
export interface Builder {
  /** One node with one output. Numbers among the attributes are ints; floats are made by `float`. */
  add(op: string, inputs: readonly (Value | null)[], attributes?: Attributes, domain?: string): Value;
  /** One node with several outputs. */
  addMany(op: string, inputs: readonly (Value | null)[], outputs: number, attributes?: Attributes, domain?: string): readonly Value[];
  /** Of the element type `like`, rounded to it; left out: the array's own. */
  constant(
    values: Float32Array | BigInt64Array | Int32Array | Uint8Array | Float64Array,
    dims: readonly number[],
    like?: Known["element"],
  ): Value;
  /** A number of the element type of another value, of shape []. */
  scalar(value: number, like: Value): Value;
  /** Whole numbers of int64, of shape [n]: shapes, axes, pads. */
  ints(...values: readonly number[]): Value;
  known(value: Value): Known;
  /** The node that makes a value; undefined for inputs and constants. */
  maker(value: Value): Node | undefined;
}

export type Attributes = Readonly<Record<string, number | string | readonly number[] | Attribute>>;

/** A node as its pullback sees it. */
export interface Pulled {
  readonly node: Node;
  readonly build: Builder;
  /** The gradient of each output; null where nothing flows. */
  readonly dys: readonly (Value | null)[];
  /** Which inputs' gradients are asked for. */
  readonly wants: readonly boolean[];
}

/** The gradient of each input that is wanted (null elsewhere and where it is zero by definition), as further nodes of ordinary operators. Shapes of a gradient equal its input's. */
export type Pullback = (pulled: Pulled) => readonly (Value | null)[];
