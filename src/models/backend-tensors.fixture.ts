import { fromBinary } from "@bufbuild/protobuf";
import { type TensorProto, TensorProtoSchema, TensorProto_DataType as Type } from "onnx-buf";

/** A tensor of ONNX's test data. Numbers that no array of JavaScript holds are float32 here, which holds each of them exactly. */
export interface Given {
  readonly type: number;
  readonly dims: readonly number[];
  readonly values: ArrayBufferView | readonly string[];
}

/** Of a .pb file's bytes; undefined for a type of neither numbers nor texts. */
export function tensorOf(bytes: Uint8Array): Given | undefined {
  const tensor = fromBinary(TensorProtoSchema, bytes);
  const values = plain[tensor.dataType]?.(tensor) ?? narrowValues(tensor);
  return values && { type: tensor.dataType, dims: tensor.dims.map(Number), values };
}

/** Its own copy: an array of wider numbers must begin at a multiple of their width. */
const raw = ({ rawData }: TensorProto): ArrayBuffer | undefined => (rawData.length > 0 ? new Uint8Array(rawData).buffer : undefined);

const bytesOf = (tensor: TensorProto) => new Uint8Array(raw(tensor) ?? Uint8Array.from(tensor.int32Data));

const plain: Readonly<Record<number, (tensor: TensorProto) => Given["values"]>> = {
  [Type.FLOAT]: (tensor) => new Float32Array(raw(tensor) ?? tensor.floatData),
  [Type.DOUBLE]: (tensor) => new Float64Array(raw(tensor) ?? tensor.doubleData),
  [Type.INT64]: (tensor) => new BigInt64Array(raw(tensor) ?? BigInt64Array.from(tensor.int64Data)),
  [Type.INT32]: (tensor) => new Int32Array(raw(tensor) ?? tensor.int32Data),
  [Type.INT16]: (tensor) => new Int16Array(raw(tensor) ?? tensor.int32Data),
  [Type.INT8]: (tensor) => new Int8Array(raw(tensor) ?? tensor.int32Data),
  [Type.UINT64]: (tensor) => new BigUint64Array(raw(tensor) ?? BigUint64Array.from(tensor.uint64Data)),
  [Type.UINT32]: (tensor) => new Uint32Array(raw(tensor) ?? tensor.uint64Data.map(Number)),
  [Type.UINT16]: (tensor) => new Uint16Array(raw(tensor) ?? tensor.int32Data),
  [Type.UINT8]: bytesOf,
  [Type.BOOL]: bytesOf,
  [Type.STRING]: ({ stringData }) => stringData.map((text) => new TextDecoder().decode(text)),
};

/** Types whose numbers cross as float32. */
export const isNarrow = (type: number) => type in floats || type in wholeBits;

/** Bits of the exponent and of the fraction, the exponent's bias, and what stands for no number or none below infinity. */
interface Float {
  readonly bits: number;
  readonly fraction: number;
  readonly bias: number;
  /** `ieee`: infinities and NaN; `last`: all bits set is NaN; `zero`: minus zero is NaN; `none`: every pattern is a number. */
  readonly special: "ieee" | "last" | "zero" | "none";
}

const floats: Readonly<Record<number, Float>> = {
  [Type.FLOAT16]: { bits: 16, fraction: 10, bias: 15, special: "ieee" },
  [Type.BFLOAT16]: { bits: 16, fraction: 7, bias: 127, special: "ieee" },
  [Type.FLOAT8E4M3FN]: { bits: 8, fraction: 3, bias: 7, special: "last" },
  [Type.FLOAT8E4M3FNUZ]: { bits: 8, fraction: 3, bias: 8, special: "zero" },
  [Type.FLOAT8E5M2]: { bits: 8, fraction: 2, bias: 15, special: "ieee" },
  [Type.FLOAT8E5M2FNUZ]: { bits: 8, fraction: 2, bias: 16, special: "zero" },
  [Type.FLOAT4E2M1]: { bits: 4, fraction: 1, bias: 1, special: "none" },
};

const wholeBits: Readonly<Record<number, number>> = { [Type.INT4]: 4, [Type.UINT4]: 4, [Type.INT2]: 2, [Type.UINT2]: 2 };

function narrowValues(tensor: TensorProto): Float32Array | undefined {
  const float = floats[tensor.dataType];
  const bits = float?.bits ?? wholeBits[tensor.dataType];
  if (bits === undefined) return undefined;
  const isSigned = tensor.dataType === Type.INT4 || tensor.dataType === Type.INT2;
  const count = tensor.dims.reduce((product, dim) => product * Number(dim), 1);
  const words = bits === 16 ? new Uint16Array(raw(tensor) ?? tensor.int32Data) : unpacked(bytesOf(tensor), bits, count);
  return Float32Array.from(words, (word) => (float ? floatValue(word, float) : isSigned && word >> (bits - 1) ? word - 2 ** bits : word));
}

/** The first value stands in a byte's lowest bits. */
const unpacked = (bytes: Uint8Array, bits: number, count: number) =>
  Uint8Array.from({ length: count }, (_, at) => ((bytes[(at * bits) >> 3] ?? 0) >> ((at * bits) & 7)) & (2 ** bits - 1));

function floatValue(word: number, { bits, fraction, bias, special }: Float): number {
  const isNegative = word >> (bits - 1) === 1;
  const rest = word & (2 ** (bits - 1) - 1);
  const part = rest & (2 ** fraction - 1);
  const exponent = rest >> fraction;
  const isTop = exponent === 2 ** (bits - 1 - fraction) - 1;
  if (special === "zero" && isNegative && rest === 0) return Number.NaN;
  if (special === "last" && rest === 2 ** (bits - 1) - 1) return Number.NaN;
  const size =
    special === "ieee" && isTop
      ? part === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? part * 2 ** (1 - bias - fraction)
        : (1 + part / 2 ** fraction) * 2 ** (exponent - bias);
  return isNegative ? -size : size;
}
