import { TensorProto_DataType as Type } from "onnx-buf";
import type { Element, Values } from "./program.ts";

const types = {
  float32: Type.FLOAT,
  float64: Type.DOUBLE,
  float16: Type.FLOAT16,
  bfloat16: Type.BFLOAT16,
  int8: Type.INT8,
  int16: Type.INT16,
  int32: Type.INT32,
  int64: Type.INT64,
  uint8: Type.UINT8,
  uint16: Type.UINT16,
  uint32: Type.UINT32,
  uint64: Type.UINT64,
  bool: Type.BOOL,
  string: Type.STRING,
} as const satisfies Partial<Record<Element, number>>;

const elements = new Map<number, Element>(Object.entries(types).map(([element, type]) => [type, element as Element]));

/** What ONNX's number of a type stands for: `opaque` for those whose numbers JavaScript does not hold, null for none. */
export const elementOf = (type: number): Element | null => (type === Type.UNDEFINED ? null : (elements.get(type) ?? "opaque"));

/** ONNX's number of a type; an opaque one has none of its own. */
export const typeOf = (element: Exclude<Element, "opaque">): number => types[element];

type Numeric = Exclude<Values, readonly string[]>;

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): Numeric;
  new (length: number): Numeric;
}

const arrays: Readonly<Record<Exclude<Element, "string">, ArrayType>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  opaque: Uint8Array,
};

/** Zeros. For `opaque`, `count` is of bytes. */
export const zeros = (element: Exclude<Element, "string">, count: number): Numeric => new arrays[element](count);

/** The numbers in these bytes: a view where they lie aligned, else one copy. */
export function numbersIn(element: Exclude<Element, "string">, bytes: Uint8Array): Numeric {
  const array = arrays[element];
  const { buffer, byteOffset, byteLength } = byteAligned(bytes, array.BYTES_PER_ELEMENT);
  return new array(buffer, byteOffset, byteLength / array.BYTES_PER_ELEMENT);
}

const byteAligned = (bytes: Uint8Array, width: number) => (bytes.byteOffset % width === 0 ? bytes : bytes.slice());
