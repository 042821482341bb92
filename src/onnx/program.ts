import type { TypeProto } from "onnx-buf";

/** Element types whose numbers JavaScript holds, and those kept as bytes alone. */
export type Element =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool"
  | "string"
  | "opaque";

/** float16 and bfloat16 as their bits, bool as 0 and 1, opaque types (float8, int4, complex) as the file's bytes. */
export type Values =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | readonly string[];

/** A tensor whose values are known. Row-major. */
export interface Constant {
  readonly element: Element;
  /** ONNX's own number of the type: what `opaque` is. */
  readonly type: number;
  readonly dims: readonly number[];
  readonly values: Values;
}

export type Attribute =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "ints"; readonly value: readonly bigint[] }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "floats"; readonly value: readonly number[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "strings"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: Constant }
  | { readonly kind: "tensors"; readonly value: readonly Constant[] }
  | { readonly kind: "graph"; readonly value: Graph }
  | { readonly kind: "type"; readonly value: TypeProto };

export interface Node {
  /** As the file names it; "" when it does not. */
  readonly name: string;
  readonly op: string;
  /** "" for the standard operators. */
  readonly domain: string;
  /** "" where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** The version of its domain that it is of, where that is not the program's: it comes from a function of the file. Lifting ends that. */
  readonly opset?: number | undefined;
}

/** An input or an output of a graph, as declared. */
export interface PortType {
  readonly name: string;
  /** null: no tensor, `proto` says what. */
  readonly element: Element | null;
  /** A number, the name of a free dimension, or null for a free one without a name; null as a whole: any rank. */
  readonly dims: readonly (number | string | null)[] | null;
  readonly proto: TypeProto | undefined;
}

export interface Graph {
  readonly name: string;
  /** Each after the makers of its inputs. */
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Constant>;
  readonly inputs: readonly PortType[];
  readonly outputs: readonly PortType[];
}

/** A model as plain data, that can be read, changed and written again. Functions of the file are inlined; sparse constants are dense. */
export interface Program {
  /** As shown to people: relative to the project. */
  readonly file: string;
  readonly irVersion: number;
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: Graph;
}

/** What is known of a value once the inputs' shapes are: its type, its shape, and its values where they follow from the shapes and constants. */
export interface Known {
  readonly element: Element;
  readonly dims: readonly number[];
  readonly constant?: Constant | undefined;
}

/** A program for inputs of given shapes: what follows from these alone is folded into constants. Type and shape of every tensor are known, but of those that only a run tells and no output's shape depends on. */
export interface Specialised extends Program {
  readonly known: ReadonlyMap<string, Known>;
}
