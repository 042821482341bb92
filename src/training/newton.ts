import type { Progress } from "./training.ts";

/** A convex function. `gradient`, `curvature` and `diagonal` speak of the point at which `value` was asked last. */
export interface Smooth {
  value(at: Float64Array): number;
  gradient(at: Float64Array): Float64Array;
  /** The Hessian times a direction. */
  curvature(direction: Float64Array): Float64Array;
  /** The Hessian's diagonal. */
  diagonal(): Float64Array;
}

const mostSteps = 100;
const mostInnerSteps = 500;

/**
 * Newton's method from zero: each step solved by conjugate gradients with the Hessian's diagonal as preconditioner, to an accuracy that grows with convergence, and shortened until
 * the value falls enough (Nocedal and Wright, Numerical Optimization, 7.1). Ends when no gradient is above `tolerance` or rounding allows no further step.
 */
export function minimise(f: Smooth, size: number, tolerance: number, progress?: Progress): Float64Array {
  let point = new Float64Array(size);
  let value = f.value(point);
  for (let step = 0; step < mostSteps; step++) {
    const gradient = f.gradient(point);
    const steepest = largest(gradient);
    progress?.(step, mostSteps, "logistic regression");
    if (steepest <= tolerance) break;
    const direction = solve(f, gradient);
    const next = shortened(f, point, value, direction, dot(direction, gradient));
    if (next === null) break;
    ({ point, value } = next);
  }
  return point;
}

/** About the direction d with Hessian * d = -gradient. */
function solve(f: Smooth, gradient: Float64Array): Float64Array {
  const inverse = f.diagonal().map((each) => 1 / Math.max(each, 1e-12));
  const direction = new Float64Array(gradient.length);
  const residual = gradient.map((each) => -each);
  let conditioned = residual.map((each, at) => each * inverse[at]!);
  let search = conditioned.slice();
  let power = dot(residual, conditioned);
  const goal = power * Math.min(0.01, Math.sqrt(power)) ** 2;
  for (let step = 0; step < mostInnerSteps && power > goal; step++) {
    const bent = f.curvature(search);
    const bend = dot(search, bent);
    if (!(bend > 0)) break;
    const length = power / bend;
    for (let at = 0; at < direction.length; at++) {
      direction[at]! += length * search[at]!;
      residual[at]! -= length * bent[at]!;
    }
    conditioned = residual.map((each, at) => each * inverse[at]!);
    const before = power;
    power = dot(residual, conditioned);
    search = search.map((each, at) => conditioned[at]! + (power / before) * each);
  }
  return direction;
}

/** The longest of the steps 1, 1/2, 1/4, ... along the direction that lowers the value enough; null when rounding hides any fall. */
function shortened(f: Smooth, point: Float64Array<ArrayBuffer>, value: number, direction: Float64Array, slope: number) {
  for (let length = 1; length > 1e-10; length /= 2) {
    const next = point.map((each, at) => each + length * direction[at]!);
    const there = f.value(next);
    // Near the end the fall is below the rounding of the value itself.
    if (there <= value + 1e-4 * length * slope + 4 * Number.EPSILON * Math.abs(value)) return { point: next, value: there };
  }
  f.value(point);
  return null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

const largest = (values: Float64Array) => values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
