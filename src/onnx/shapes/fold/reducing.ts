import { intOf } from "../../attributes.ts";
import { type Call, numbersOf } from "../call.ts";
import { reducedAxes } from "../reductions.ts";
import {
  constantAt,
  earlier,
  type Fold,
  type FoldOne,
  isInteger,
  isPlain,
  isWide,
  later,
  listOf,
  made,
  one,
  placesOf,
  type Scalar,
  stridesOf,
} from "./arrays.ts";
import { typeNumber } from "./making.ts";

type Step = (whole: number, next: number) => number;
type WideStep = (whole: bigint, next: bigint) => bigint;

/** For each value of the input, the place of the result that it goes into. */
function targets(dims: readonly number[], axes: readonly number[]): Int32Array {
  const kept = stridesOf(dims.map((size, at) => (axes.includes(at) ? 1 : size)));
  return placesOf(
    dims,
    kept.map((stride, at) => (axes.includes(at) ? 0 : stride)),
  );
}

/** Sums and products of whole numbers, extremes of any: what does not depend on the order. */
const reduction =
  (start: number | undefined, step: Step, wide: WideStep): FoldOne =>
  (call, { element, dims }) => {
    const from = constantAt(call, 0);
    if (from === undefined || !isPlain(element) || (start !== undefined && !isInteger(element))) return undefined;
    const axes = reducedAxes(call);
    if (axes === undefined) return from;
    const [values, into] = [listOf(from), targets(from.dims, axes)];
    const results: Scalar[] = [];
    const next = (isWide(element) ? wide : step) as (whole: Scalar, next: Scalar) => Scalar;
    for (const [at, to] of into.entries()) results[to] = results[to] === undefined ? values[at]! : next(results[to], values[at]!);
    const empty = start === undefined ? undefined : isWide(element) ? BigInt(start) : start;
    return made(element, dims, from.type, (at) => results[at] ?? empty);
  };

const argument =
  (better: (a: Scalar, b: Scalar) => boolean): FoldOne =>
  (call, { dims }) => {
    const from = constantAt(call, 0);
    if (from === undefined || !isPlain(from.element)) return undefined;
    const axis =
      from.dims
        .keys()
        .toArray()
        .at(intOf(call.node, "axis", 0)) ?? 0;
    const [values, into, stride] = [listOf(from), targets(from.dims, [axis]), stridesOf(from.dims)[axis] ?? 1];
    const isLast = intOf(call.node, "select_last_index", 0) !== 0;
    const best: number[] = [];
    for (const [at, to] of into.entries()) {
      const held = best[to];
      if (held === undefined || better(values[at]!, values[held]!) || (isLast && values[at] === values[held])) best[to] = at;
    }
    return made("int64", dims, typeNumber("int64"), (at) => {
      const place = best[at];
      return place === undefined ? undefined : BigInt(Math.floor(place / stride) % from.dims[axis]!);
    });
  };

const running =
  (step: Step, wide: WideStep): FoldOne =>
  (call: Call, { element, dims }) => {
    const [from, axes] = [constantAt(call, 0), constantAt(call, 1)];
    if (from === undefined || axes === undefined || !isInteger(element)) return undefined;
    if (intOf(call.node, "exclusive", 0) !== 0 || intOf(call.node, "reverse", 0) !== 0) return undefined;
    const axis =
      dims
        .keys()
        .toArray()
        .at(numbersOf(axes)[0] ?? 0) ?? 0;
    const into = targets(dims, [axis]);
    const values = listOf(from);
    const next = (isWide(element) ? wide : step) as (whole: Scalar, next: Scalar) => Scalar;
    const wholes: Scalar[] = [];
    return made(element, dims, from.type, (at) => {
      const to = into[at]!;
      wholes[to] = wholes[to] === undefined ? values[at]! : next(wholes[to], values[at]!);
      return wholes[to];
    });
  };

export const reducing: Readonly<Record<string, Fold>> = {
  ReduceSum: one(
    reduction(
      0,
      (a, b) => a + b,
      (a, b) => a + b,
    ),
  ),
  ReduceProd: one(reduction(1, Math.imul, (a, b) => a * b)),
  ReduceMax: one(reduction(undefined, Math.max, later)),
  ReduceMin: one(reduction(undefined, Math.min, earlier)),
  ArgMax: one(argument((a, b) => a > b)),
  ArgMin: one(argument((a, b) => a < b)),
  CumSum: one(
    running(
      (a, b) => a + b,
      (a, b) => a + b,
    ),
  ),
};
