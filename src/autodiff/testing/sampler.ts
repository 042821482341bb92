import type { Random } from "../../base/index.ts";
import { type Constant, constant, int64s } from "../../onnx/index.ts";

/** Numbers of a range, at least `apart` from each kink. */
export interface Range {
  readonly low?: number;
  readonly high?: number;
  readonly kinks?: readonly number[];
}

/** An input of a case: by those that are wanted the gradient is checked, the others are constants. */
export interface Given {
  readonly value: Constant;
  readonly wanted: boolean;
}

/** How far samples stay from a kink: further than any step of a difference reaches. */
const apart = 0.05;

/** Random shapes and numbers for cases. Real numbers are held by float32, so that both types see the same. */
export interface Sampler {
  readonly random: Random;
  /** A whole number of [low, high]. */
  whole(low: number, high: number): number;
  /** A random shape, of lengths 1 to 4. */
  dims(rank: number): number[];
  real(dims: readonly number[], range?: Range): Given;
  /** Numbers of which no two are near each other, for extremes and orders. */
  distinct(dims: readonly number[]): Given;
  /** A constant of real numbers. */
  fixed(dims: readonly number[], values: readonly number[]): Given;
  /** A constant of int64. */
  ints(values: readonly number[], dims?: readonly number[]): Given;
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((count, dim) => count * dim, 1);

const doubles = (dims: readonly number[], values: ArrayLike<number>) => constant("float64", dims, Float64Array.from(values, Math.fround));

export function samplerOf(random: Random): Sampler {
  const whole = (low: number, high: number) => low + random.integer(high - low + 1);
  const draw = ({ low = -2, high = 2, kinks = [] }: Range): number => {
    const value = low + (high - low) * random.uniform();
    return kinks.some((kink) => Math.abs(value - kink) < apart) ? draw({ low, high, kinks }) : value;
  };
  const real = (dims: readonly number[], range: Range = {}) =>
    doubles(
      dims,
      Array.from({ length: sizeOf(dims) }, () => draw(range)),
    );
  return {
    random,
    whole,
    dims: (rank) => Array.from({ length: rank }, () => whole(1, 4)),
    real: (dims, range) => ({ value: real(dims, range), wanted: true }),
    distinct(dims) {
      const count = sizeOf(dims);
      const order = random.shuffle(Array.from({ length: count }, (_, at) => at));
      const step = Math.max(0.25, 4 / Math.max(count, 1));
      return { value: doubles(dims, order.map((at) => (at - count / 2 + 0.3 * random.uniform()) * step)), wanted: true }; // biome-ignore format: one value
    },
    fixed: (dims, values) => ({ value: doubles(dims, values), wanted: false }),
    ints: (values, dims) => ({ value: int64s(values, dims), wanted: false }),
  };
}
