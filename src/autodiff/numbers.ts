import { type Constant, constant, type Element } from "../onnx/index.ts";

/** Types that gradients can have. */
export type Real = "float32" | "float64" | "float16" | "bfloat16";

export const isReal = (element: Element): element is Real =>
  element === "float32" || element === "float64" || element === "float16" || element === "bfloat16";

/** The smallest number above zero that is held with full precision. */
export const tiniest: Readonly<Record<Real, number>> = {
  float32: 2 ** -126,
  float64: 2 ** -1022,
  float16: 2 ** -14,
  bfloat16: 2 ** -126,
};

/** The number of greatest magnitude, finite. */
export const largest: Readonly<Record<Real, number>> = {
  float32: (2 - 2 ** -23) * 2 ** 127,
  float64: Number.MAX_VALUE,
  float16: 65504,
  bfloat16: (2 - 2 ** -7) * 2 ** 127,
};

/** A tensor of one number, repeated over the shape. */
export function full(element: Element, dims: readonly number[], value: number): Constant {
  if (element === "opaque" || element === "string") throw new Error(`no number is of type ${element}`);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return constant(element, dims, encoders[element](count, value));
}

type Numbers = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** The element type that an array holds when nothing else is said. */
export function typeOfArray(values: Numbers): Element {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof Float64Array) return "float64";
  if (values instanceof BigInt64Array) return "int64";
  return values instanceof Int32Array ? "int32" : "uint8";
}

/** The same numbers in the array of another type of real numbers, rounded to nearest. */
export function narrowed(values: Numbers, element: Element): Exclude<Constant["values"], readonly string[]> {
  if (element === typeOfArray(values) || values instanceof BigInt64Array) return values;
  if (element === "float32") return Float32Array.from(values);
  if (element === "float64") return Float64Array.from(values);
  if (element === "float16") return new Uint16Array(Float16Array.from(values).buffer);
  if (element === "bfloat16") return Uint16Array.from(values, roundedToBfloat16);
  return values;
}

type Encoder = (count: number, value: number) => Exclude<Constant["values"], readonly string[]>;

const whole = (count: number, value: number) => new BigInt64Array(count).fill(BigInt(value));

const encoders: Readonly<Record<Exclude<Element, "opaque" | "string">, Encoder>> = {
  float32: (count, value) => new Float32Array(count).fill(value),
  float64: (count, value) => new Float64Array(count).fill(value),
  float16: (count, value) => new Uint16Array(new Float16Array(count).fill(value).buffer),
  bfloat16: (count, value) => new Uint16Array(count).fill(roundedToBfloat16(value)),
  int8: (count, value) => new Int8Array(count).fill(value),
  int16: (count, value) => new Int16Array(count).fill(value),
  int32: (count, value) => new Int32Array(count).fill(value),
  int64: whole,
  uint8: (count, value) => new Uint8Array(count).fill(value),
  uint16: (count, value) => new Uint16Array(count).fill(value),
  uint32: (count, value) => new Uint32Array(count).fill(value),
  uint64: (count, value) => new BigUint64Array(count).fill(BigInt(value)),
  bool: (count, value) => new Uint8Array(count).fill(value),
};

/** The upper half of the float32, rounded to nearest, ties to even. */
function roundedToBfloat16(value: number): number {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The one number that a tensor repeats; null when it holds several, none, or nothing that is a number. */
export function repeated(given: Constant | undefined): number | null {
  if (given === undefined || given.values.length === 0 || given.element === "opaque" || given.element === "string") return null;
  const { values } = given;
  const first = values[0];
  for (let at = 1; at < values.length; at++) if (!Object.is(values[at], first)) return null;
  return decoded(given.element, first as number | bigint);
}

function decoded(element: Element, value: number | bigint): number {
  if (element === "float16") return new Float16Array(Uint16Array.of(Number(value)).buffer)[0] ?? Number.NaN;
  if (element === "bfloat16") return new Float32Array(Uint32Array.of(Number(value) << 16).buffer)[0] ?? Number.NaN;
  return Number(value);
}

/** The whole numbers of a tensor of axes, shapes or indices. */
export const wholeNumbers = (given: Constant): readonly number[] => Array.from(given.values as ArrayLike<number | bigint>, Number);
