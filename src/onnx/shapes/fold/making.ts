import { intOf, tensorOf } from "../../attributes.ts";
import { typeOf } from "../../element.ts";
import type { Element } from "../../program.ts";
import { sizeOf } from "../call.ts";
import { constantAt, type Fold, type FoldOne, isPlain, isWide, listOf, made, one, type Scalar } from "./arrays.ts";

/** ONNX's number of a type that has one. */
export const typeNumber = (element: Element): number => (element === "opaque" ? 0 : typeOf(element));

const numberAs = (element: Element, value: number): Scalar => (isWide(element) ? BigInt(value) : value);

const whole = (dims: readonly number[], values: readonly number[]) => made("int64", dims, typeOf("int64"), (at) => BigInt(values[at] ?? 0));

const shape: FoldOne = (call, { dims }) => {
  const from = call.inputs[0]?.dims ?? [];
  return whole(dims, from.slice(intOf(call.node, "start", 0), intOf(call.node, "end", from.length)));
};

const constantOfShape: FoldOne = (call, { element, dims }) => {
  const value = tensorOf(call.node, "value");
  const filling = value === undefined ? 0 : listOf(value)[0];
  return made(element, dims, value?.type ?? typeNumber(element), () => filling);
};

/** The tensor, number, text or list of them that the node holds. */
const constant: FoldOne = (call, { element, dims }) => {
  const [given] = call.node.attributes.values();
  if (given?.kind === "tensor") return given.value;
  if (given === undefined || !("value" in given)) return undefined;
  const values = (Array.isArray(given.value) ? given.value : [given.value]) as Scalar[];
  return made(element, dims, typeNumber(element), (at) => values[at]);
};

/** Steps are added up in the type itself, as onnxruntime does. */
const range: FoldOne = (call, { element, dims }) => {
  const [start, delta] = [constantAt(call, 0), constantAt(call, 2)];
  if (start === undefined || delta === undefined || !isPlain(element)) return undefined;
  const step = listOf(delta)[0]!;
  const rounded = element === "float32" ? Math.fround : (value: number) => value;
  let next = listOf(start)[0]!;
  return made(element, dims, start.type, () => {
    const value = next;
    next = typeof value === "bigint" ? value + (step as bigint) : rounded((value as number) + (step as number));
    return value;
  });
};

const eyeLike: FoldOne = (call, { element, dims }) => {
  if (!isPlain(element)) return undefined;
  const [columns = 1, above] = [dims[1], intOf(call.node, "k", 0)];
  return made(element, dims, typeNumber(element), (at) => numberAs(element, (at % columns) - Math.floor(at / columns) === above ? 1 : 0));
};

const bounds: Readonly<Partial<Record<Element, readonly [low: number, high: number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** A value of another type; undefined where the standard leaves it open, or where it would be rounded twice. */
function converted(value: Scalar, to: Element): Scalar | undefined {
  if (typeof value === "string") return undefined;
  if (to === "bool") return Number(Number(value) !== 0);
  const number = Number(value);
  const [low, high] = bounds[to] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) return undefined;
  if (bounds[to] === undefined) return number;
  const cut = Math.trunc(number);
  return cut >= low && cut <= high ? numberAs(to, cut) : undefined;
}

const cast: FoldOne = (call, { element, dims }) => {
  const from = constantAt(call, 0);
  if (from?.element === element) return from;
  if (from === undefined || !isPlain(from.element) || !isPlain(element)) return undefined;
  const values = listOf(from);
  return made(element, dims, typeNumber(element), (at) => converted(values[at]!, element));
};

const oneHot: FoldOne = (call, { element, dims }) => {
  const [indices, pair] = [constantAt(call, 0), constantAt(call, 2)];
  if (indices === undefined || pair === undefined || !isPlain(indices.element)) return undefined;
  const [asked, [off, on]] = [listOf(indices), Array.from(listOf(pair))];
  const axis =
    dims
      .keys()
      .toArray()
      .at(intOf(call.node, "axis", -1)) ?? 0;
  const [depth = 1, block] = [dims[axis], sizeOf(dims.slice(axis + 1))];
  return made(element, dims, pair.type, (at) => {
    const index = Number(asked[Math.floor(at / (depth * block)) * block + (at % block)]);
    return Math.floor(at / block) % depth === (index < 0 ? index + depth : index) ? on : off;
  });
};

/** Row by row of the result: the first axis of each place, then the second. */
const nonZero: FoldOne = (call, { dims }) => {
  const from = constantAt(call, 0);
  if (from === undefined || !isPlain(from.element)) return undefined;
  const found = Array.from(listOf(from)).flatMap((value, at) => (Number(value) === 0 ? [] : [at]));
  const places = from.dims.map((size, axis) => found.map((at) => Math.floor(at / sizeOf(from.dims.slice(axis + 1))) % size));
  return whole(dims, from.dims.length === 0 ? found : places.flat());
};

/** Values out of shapes and attributes, or of another type. */
export const making: Readonly<Record<string, Fold>> = {
  Shape: one(shape),
  Size: one((call) => whole([], [sizeOf(call.inputs[0]?.dims ?? [])])),
  Constant: one(constant),
  ConstantOfShape: one(constantOfShape),
  Range: one(range),
  EyeLike: one(eyeLike),
  Cast: one(cast),
  CastLike: one(cast),
  OneHot: one(oneHot),
  NonZero: one(nonZero),
};

/** Operators whose values follow from the shapes of their inputs. */
export const fromShapes: readonly string[] = ["Shape", "Size", "EyeLike"];
