import { Problem } from "../../../base/index.ts";
import type { Attack, Goal, Norm, Points, Victim } from "../attack.ts";
import { marginOf } from "../losses.ts";
import { changeToPlane, lengthOf } from "../plane.ts";
import { clip, distance, entriesOf, project, rowOf } from "../points.ts";
import { bisect, nothingFound, polish, within } from "./nearer.ts";

/** How long FMN goes on, and how far at a time. */
export interface FmnOptions {
  readonly iterations?: number;
  /** Of the step, in L2, at the start; it falls to a hundredth of it along a cosine. */
  readonly step?: number;
}

/**
 * The fast minimum-norm attack: a bound that shrinks around each point while it is fooled and grows while it is not, and a normalised step up the
 * margin within it (Pintor et al. 2021, algorithm 1). Without a bound of its own it seeks the shortest change, in any of the four norms.
 */
export function fmn({ iterations = 200, step = 1 }: FmnOptions = {}): Attack {
  return {
    id: "fmn",
    access: "gradient",
    norms: ["linf", "l2", "l1", "l0"],
    propose: (victim, points, labels, goal) => shrink(victim, points, labels, { iterations, step }, goal),
  };
}

/** How far beyond the plane of the linearised margin a bound goes. */
const overshoot = 1.02;
const shrinkFrom = 0.05;
const shrinkTo = 0.001;

const cosine = (from: number, to: number, share: number) => to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

async function shrink(victim: Victim, points: Points, labels: Int32Array, { iterations, step }: Required<FmnOptions>, goal: Goal) {
  const { slopes } = victim;
  if (slopes === undefined) throw new Problem("ATTACK_UNFIT", "FMN needs gradients", { remedy: "Choose an attack by scores or labels." });
  const { rows, width } = points;
  const { norm } = goal;
  const best = nothingFound(points);
  const bounds = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const toPlane = new Float64Array(width);
  const awayOf = (row: Float32Array, weights: Float32Array, loss: number) => {
    const offset = row.reduce((sum, value, at) => sum - value * weights[at]!, loss);
    return lengthOf(
      norm as Exclude<Norm, "l0">,
      changeToPlane(norm as Exclude<Norm, "l0">, { row, weights, offset, box: victim }, toPlane),
    );
  };
  const isDone = (row: number) => goal.eps !== null && best.distances[row]! <= goal.eps;
  let live = Int32Array.from({ length: rows }, (_, row) => row);
  const x = points.values.slice();
  for (let at = 0; at <= iterations && live.length > 0; at++) {
    goal.signal?.throwIfAborted();
    const asked = new Float32Array(live.length * width);
    for (const [index, row] of live.entries()) asked.set(rowOf(x, row, width), index * width);
    const { logits, losses, gradients } = await slopes.call(
      victim,
      { rows: live.length, width, values: asked },
      entriesOf(labels, live),
      "margin",
    );
    const gamma = cosine(shrinkFrom, shrinkTo, at / iterations);
    const length = cosine(step, step / 100, at / iterations);
    live.forEach((row, index) => {
      const here = rowOf(x, row, width);
      const start = rowOf(points.values, row, width);
      const slope = rowOf(gradients, index, width);
      const far = distance(norm, here, start);
      if (marginOf(logits, index, victim.classes, labels[row]!) < 0) {
        if (far < best.distances[row]!) {
          best.distances[row] = far;
          best.values.set(here, row * width);
        }
        bounds[row] = Math.min(bounds[row]! * (1 - gamma), best.distances[row]!);
        if (norm === "l0") bounds[row] = Math.min(bounds[row]!, Math.floor(bounds[row]!), best.distances[row]! - 1);
      } else if (Number.isFinite(best.distances[row]!)) {
        bounds[row] = norm === "l0" ? Math.max(bounds[row]! + 1, Math.floor(bounds[row]! * (1 + gamma))) : bounds[row]! * (1 + gamma);
        bounds[row] = Math.min(bounds[row]!, best.distances[row]!);
      } else {
        bounds[row] = norm === "l0" ? far + 1 : far + overshoot * awayOf(here, slope, losses[index]!);
      }
      climb(here, slope, length);
      clip(here, victim);
      project(norm, here, start, Math.max(0, bounds[row]!), victim);
    });
    live = live.filter((row) => !isDone(row));
    goal.progress?.(at, iterations, `fmn: ${live.length} points`);
  }
  const ends = { points, labels, norm, found: best, least: goal.eps ?? 0 };
  await bisect(victim, ends);
  await polish(victim, ends);
  return { values: within(best, points, goal.eps) };
}

function climb(here: Float32Array, slope: Float32Array, length: number): void {
  let sum = 0;
  for (const each of slope) sum += each * each;
  const scale = sum > 0 ? length / Math.sqrt(sum) : 0;
  for (let at = 0; at < here.length; at++) here[at]! += scale * slope[at]!;
}
