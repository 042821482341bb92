import { zeros } from "../../element.ts";
import type { Constant, Element, Known, Values } from "../../program.ts";
import { type Call, sizeOf } from "../call.ts";

export type Scalar = number | bigint | string;

/** The values of each output, from constant inputs; undefined where they are left to a run. */
export type Fold = (call: Call, outputs: readonly Known[]) => readonly Constant[] | undefined;

/** The same of an operator with one output. */
export type FoldOne = (call: Call, output: Known) => Constant | undefined;

export const one =
  (fold: FoldOne): Fold =>
  (call, [output]) => {
    const made = output && fold(call, output);
    return made && [made];
  };

export const constantAt = (call: Call, at: number): Constant | undefined => call.inputs[at]?.constant;

export const listOf = ({ values }: Constant) => values as ArrayLike<Scalar>;

/** Whether two values lie next to each other as values of the array, and mean what the array says (half floats are kept as bits). */
export const isPlain = (element: Element) => !["float16", "bfloat16", "opaque", "string"].includes(element);
export const isInteger = (element: Element) => /^u?int/.test(element);
export const isWide = (element: Element) => element === "int64" || element === "uint64";

/** A constant of whatever `value` gives at each place; undefined when one is. Numbers wrap and round as they are stored. */
export function made(
  element: Element,
  dims: readonly number[],
  type: number,
  value: (at: number) => Scalar | undefined,
): Constant | undefined {
  if (element === "opaque") return undefined;
  const count = sizeOf(dims);
  const values = (element === "string" ? new Array<string>(count) : zeros(element, count)) as Scalar[];
  for (let at = 0; at < count; at++) {
    const given = value(at);
    if (given === undefined) return undefined;
    values[at] = given;
  }
  return { element, type, dims, values: values as unknown as Values };
}

/** The smaller and the larger of two bigints. */
export const earlier = (a: bigint, b: bigint): bigint => [a, b][Number(a > b)]!;
export const later = (a: bigint, b: bigint): bigint => [a, b][Number(a < b)]!;

/** How far one step along each axis goes in a row-major array. */
export function stridesOf(dims: readonly number[]): readonly number[] {
  const strides = new Array<number>(dims.length);
  let step = 1;
  for (let at = dims.length - 1; at >= 0; at--) {
    strides[at] = step;
    step *= dims[at] ?? 1;
  }
  return strides;
}

/** Strides that read an array as if it were broadcast to `to`. */
export function broadcastStrides(dims: readonly number[], to: readonly number[]): readonly number[] {
  const own = stridesOf(dims);
  const missing = to.length - dims.length;
  return to.map((_, at) => (at < missing || dims[at - missing] === 1 ? 0 : (own[at - missing] ?? 0)));
}

/** For each place of an array of these dimensions, row-major, where the strides lead. */
export function placesOf(dims: readonly number[], strides: readonly number[], offset = 0): Int32Array {
  const places = new Int32Array(sizeOf(dims));
  const counter = new Array<number>(dims.length).fill(0);
  let place = offset;
  for (let at = 0; at < places.length; at++) {
    places[at] = place;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place += strides[axis]!;
      if (++counter[axis]! < dims[axis]!) break;
      place -= strides[axis]! * dims[axis]!;
      counter[axis] = 0;
    }
  }
  return places;
}

/** The values at these places of a constant. */
export function picked(from: Constant, dims: readonly number[], places: Int32Array): Constant | undefined {
  const values = listOf(from);
  return made(from.element, dims, from.type, (at) => values[places[at]!]);
}

export const strided = (from: Constant, dims: readonly number[], strides: readonly number[], offset = 0) =>
  picked(from, dims, placesOf(dims, strides, offset));
