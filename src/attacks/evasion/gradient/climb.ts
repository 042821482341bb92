import type { Slopes } from "../attack.ts";
import { rowsOf } from "../points.ts";

/** Where an ascent of some points stands. Compact: row `at` of each array belongs to point live[at]; wide ones are row-major [rows, width]. */
export interface Climb {
  live: Int32Array;
  x: Float32Array;
  /** Where x was a step ago. */
  before: Float32Array;
  /** The gradient at x. */
  slope: Float32Array;
  /** Highest loss so far, where it was and the gradient there; and what it was at the last checkpoint. */
  best: Float64Array;
  bestX: Float32Array;
  bestSlope: Float32Array;
  bestThen: Float64Array;
  /** The last step's loss, how often it has risen since the last checkpoint, and the length of a step. */
  last: Float64Array;
  rises: Int32Array;
  steps: Float64Array;
  /** Whether the step was halved at the last checkpoint. */
  halved: Uint8Array;
  /** Features that the best point had changed at the last checkpoint. */
  changed: Float64Array;
}

export function climbFrom(starts: Float32Array, width: number, step: number, changed: (at: number) => number): Climb {
  const rows = starts.length / width;
  const lowest = () => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  return {
    live: Int32Array.from({ length: rows }, (_, row) => row),
    x: starts.slice(),
    before: starts.slice(),
    slope: new Float32Array(starts.length),
    best: lowest(),
    bestX: starts.slice(),
    bestSlope: new Float32Array(starts.length),
    bestThen: lowest(),
    last: lowest(),
    rises: new Int32Array(rows),
    steps: new Float64Array(rows).fill(step),
    halved: new Uint8Array(rows).fill(1),
    changed: Float64Array.from({ length: rows }, (_, at) => changed(at)),
  };
}

/** Books the losses and gradients at x. */
export function book(climb: Climb, { losses, gradients }: Slopes, width: number): void {
  climb.slope = gradients;
  for (let at = 0; at < climb.live.length; at++) {
    const loss = losses[at]!;
    const isFirst = climb.last[at] === Number.NEGATIVE_INFINITY;
    if (loss > climb.last[at]! && !isFirst) climb.rises[at]!++;
    climb.last[at] = loss;
    if (loss <= climb.best[at]! && !isFirst) continue;
    const [from, to] = [at * width, (at + 1) * width];
    climb.best[at] = loss;
    climb.bestX.set(climb.x.subarray(from, to), from);
    climb.bestSlope.set(gradients.subarray(from, to), from);
  }
}

/** Goes on with these rows alone. */
export function narrow(climb: Climb, kept: readonly number[], width: number): void {
  if (kept.length === climb.live.length) return;
  const numbers = (values: Float64Array) => Float64Array.from(kept, (at) => values[at]!);
  const wide = (values: Float32Array) => rowsOf({ rows: 0, width, values }, kept).values;
  Object.assign(climb, {
    live: Int32Array.from(kept, (at) => climb.live[at]!),
    x: wide(climb.x),
    before: wide(climb.before),
    slope: wide(climb.slope),
    best: numbers(climb.best),
    bestX: wide(climb.bestX),
    bestSlope: wide(climb.bestSlope),
    bestThen: numbers(climb.bestThen),
    last: numbers(climb.last),
    rises: Int32Array.from(kept, (at) => climb.rises[at]!),
    steps: numbers(climb.steps),
    halved: Uint8Array.from(kept, (at) => climb.halved[at]!),
    changed: numbers(climb.changed),
  } satisfies Climb);
}
