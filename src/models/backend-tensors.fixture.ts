import { fromBinary } from "@bufbuild/protobuf";
import { type TensorProto, TensorProtoSchema, TensorProto_DataType as Type } from "onnx-buf";

/** A tensor of ONNX's test data; half precision as float32. */
export interface Given {
  readonly dims: readonly number[];
  readonly values: Values;
}

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

/** Of a .pb file's bytes; undefined for a type that no array of JavaScript holds. */
export function tensorOf(bytes: Uint8Array): Given | undefined {
  const tensor = fromBinary(TensorProtoSchema, bytes);
  const values = valuesOf(tensor);
  return values && { dims: tensor.dims.map(Number), values };
}

const arrays: Readonly<Record<number, (tensor: TensorProto) => Values>> = {
  [Type.FLOAT]: ({ rawData, floatData }) => (rawData.length > 0 ? new Float32Array(aligned(rawData)) : Float32Array.from(floatData)),
  [Type.DOUBLE]: ({ rawData, doubleData }) => (rawData.length > 0 ? new Float64Array(aligned(rawData)) : Float64Array.from(doubleData)),
  [Type.INT64]: ({ rawData, int64Data }) => (rawData.length > 0 ? new BigInt64Array(aligned(rawData)) : BigInt64Array.from(int64Data)),
  [Type.UINT64]: ({ rawData, uint64Data }) => (rawData.length > 0 ? new BigUint64Array(aligned(rawData)) : BigUint64Array.from(uint64Data)),
  [Type.UINT32]: ({ rawData, uint64Data }) =>
    rawData.length > 0 ? new Uint32Array(aligned(rawData)) : Uint32Array.from(uint64Data, (value) => Number(value)),
  [Type.INT32]: ({ rawData, int32Data }) => (rawData.length > 0 ? new Int32Array(aligned(rawData)) : Int32Array.from(int32Data)),
  [Type.INT16]: ({ rawData, int32Data }) => (rawData.length > 0 ? new Int16Array(aligned(rawData)) : Int16Array.from(int32Data)),
  [Type.INT8]: ({ rawData, int32Data }) => (rawData.length > 0 ? new Int8Array(aligned(rawData)) : Int8Array.from(int32Data)),
  [Type.UINT16]: words,
  [Type.UINT8]: ({ rawData, int32Data }) => (rawData.length > 0 ? new Uint8Array(aligned(rawData)) : Uint8Array.from(int32Data)),
  [Type.BOOL]: ({ rawData, int32Data }) => (rawData.length > 0 ? new Uint8Array(aligned(rawData)) : Uint8Array.from(int32Data)),
  [Type.STRING]: ({ stringData }) => stringData.map((text) => new TextDecoder().decode(text)),
  [Type.FLOAT16]: (tensor) => Float32Array.from(words(tensor), halfValue),
  [Type.BFLOAT16]: (tensor) => new Float32Array(Uint32Array.from(words(tensor), (bits) => bits << 16).buffer),
};

const valuesOf = (tensor: TensorProto): Values | undefined => arrays[tensor.dataType]?.(tensor);

/** Its own copy: an array of wider numbers must begin at a multiple of their width. */
const aligned = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

function words({ rawData, int32Data }: TensorProto): Uint16Array {
  return rawData.length > 0 ? new Uint16Array(aligned(rawData)) : Uint16Array.from(int32Data);
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
