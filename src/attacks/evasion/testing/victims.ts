import type { Loss, Points, Victim } from "../attack.ts";
import { highest } from "../losses.ts";

/** A small function with its derivative: logits of one row, and their gradient by that row in a direction of logits. */
export interface Differentiable {
  readonly width: number;
  readonly classes: number;
  logits(row: Float32Array): Float64Array;
  /** Gradient by the row of the sum of logits times these weights. */
  pullback(row: Float32Array, weights: Float64Array): Float64Array;
}

/** weights row-major [classes, width]. */
export function linear(weights: Float64Array, biases: Float64Array): Differentiable {
  const classes = biases.length;
  const width = weights.length / classes;
  return {
    width,
    classes,
    logits: (row) => biases.map((bias, at) => row.reduce((sum, value, feature) => sum + value * weights[at * width + feature]!, bias)),
    pullback: (_row, by) =>
      Float64Array.from({ length: width }, (_, feature) => by.reduce((sum, each, at) => sum + each * weights[at * width + feature]!, 0)),
  };
}

/** One hidden layer of tanh between two linear ones. */
export function net(first: Differentiable, second: Differentiable): Differentiable {
  const hidden = (row: Float32Array) => Float32Array.from(first.logits(row), Math.tanh);
  return {
    width: first.width,
    classes: second.classes,
    logits: (row) => second.logits(hidden(row)),
    pullback: (row, by) => {
      const at = hidden(row);
      return first.pullback(
        row,
        second.pullback(at, by).map((each, index) => each * (1 - at[index]! ** 2)),
      );
    },
  };
}

export interface Counted extends Victim {
  /** Rows asked so far. */
  readonly asked: () => number;
}

/** The function as a victim that gives all that can be given. */
export function victimOf(given: Differentiable, [low, high]: readonly [number, number] = [0, 1]): Counted {
  const { width, classes } = given;
  let asked = 0;
  const scoresOf = ({ rows, values }: Points) => {
    asked += rows;
    const scores = new Float32Array(rows * classes);
    for (let row = 0; row < rows; row++) scores.set(given.logits(values.subarray(row * width, (row + 1) * width)), row * classes);
    return scores;
  };
  return {
    access: "gradient",
    width,
    classes,
    lows: new Float32Array(width).fill(low),
    highs: new Float32Array(width).fill(high),
    batch: 64,
    asked: () => asked,
    labels: async (points) => {
      const scores = scoresOf(points);
      return Int32Array.from({ length: points.rows }, (_, row) => highest(scores, row, classes));
    },
    scores: async (points) => scoresOf(points),
    async slopes(points, labels, loss, targets) {
      const logits = scoresOf(points);
      const losses = new Float32Array(points.rows);
      const gradients = new Float32Array(points.rows * width);
      for (let row = 0; row < points.rows; row++) {
        const z = Float64Array.from(logits.subarray(row * classes, (row + 1) * classes));
        const { value, by } = lossOf(loss, z, labels[row]!, targets?.[row]);
        losses[row] = value;
        gradients.set(given.pullback(points.values.subarray(row * width, (row + 1) * width), by), row * width);
      }
      return { logits, losses, gradients };
    },
  };
}

/** Loss and its gradient by the logits, in the plainest way. */
function lossOf(loss: Loss, z: Float64Array, label: number, target = -1): { value: number; by: Float64Array } {
  const f = (each: Float64Array) => valued(loss, each, label, target);
  const step = 1e-5;
  const by = z.map((_, at) => {
    const moved = (direction: number) => f(z.map((each, index) => (index === at ? each + direction * step : each)));
    return (moved(1) - moved(-1)) / (2 * step);
  });
  return { value: f(z), by };
}

function valued(loss: Loss, z: Float64Array, label: number, target: number): number {
  const sorted = z.toSorted().reverse();
  const other = Math.max(...z.filter((_, at) => at !== label));
  const own = z[label]!;
  switch (loss) {
    case "cross-entropy": {
      const most = sorted[0]!;
      return most - own + Math.log(z.reduce((sum, each) => sum + Math.exp(each - most), 0));
    }
    case "margin":
      return other - own;
    case "targeted-margin":
      return z[target]! - own;
    case "dlr":
      return (other - own) / (sorted[0]! - (sorted[2] ?? sorted[1]!) + 1e-12);
    case "targeted-dlr":
      return (z[target]! - own) / (sorted[0]! - 0.5 * (sorted[2]! + (sorted[3] ?? sorted[2]!)) + 1e-12);
  }
}
