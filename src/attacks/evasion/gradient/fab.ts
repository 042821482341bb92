import { Problem } from "../../../base/index.ts";
import type { Attack, Goal, Norm, Points, Victim } from "../attack.ts";
import { marginOf, rivals } from "../losses.ts";
import { changeToPlane, lengthOf } from "../plane.ts";
import { clip, distance, entriesOf, rowOf, rowsOf } from "../points.ts";
import { bisect, polish, within } from "./nearer.ts";

/** How long FAB-T goes on, and towards how many classes. */
export interface FabOptions {
  readonly iterations?: number;
  /** The best so many other classes at the start, one run each. */
  readonly targets?: number;
}

/** How far beyond the plane a step goes; how far it is drawn towards the start at most; what is kept of a success's change (Croce & Hein 2020b, section 3). */
const overshoot = 1.05;
const biasMost = 0.1;
const backward = 0.9;

/**
 * The fast adaptive boundary attack, towards one class at a time: each step goes to the nearest point, in the box, of the plane where the linearised
 * model changes its answer, drawn towards the start (Croce & Hein 2020b, algorithm 1). It seeks the shortest change; with eps, a point that is within it leaves.
 */
export function fabTargeted({ iterations = 100, targets = 9 }: FabOptions = {}): Attack {
  return {
    id: "fab-t",
    access: "gradient",
    norms: ["linf", "l2", "l1"],
    async propose(victim, points, labels, goal) {
      if (goal.norm === "l0") throw new Problem("ATTACK_UNFIT", "FAB knows no L0", { remedy: "Choose FMN for L0." });
      const { width, rows } = points;
      const best = { values: points.values.slice(), distances: new Float64Array(rows).fill(Number.POSITIVE_INFINITY) };
      const scores = await victim.scores?.(points);
      if (scores === undefined)
        throw new Problem("ATTACK_UNFIT", "FAB needs gradients", { remedy: "Choose an attack by scores or labels." });
      const order = Array.from({ length: rows }, (_, row) => rivals(scores, row, victim.classes, labels[row]!));
      for (let rank = 0; rank < Math.min(targets, victim.classes - 1); rank++) {
        const standing = Int32Array.from(best.distances.keys()).filter((row) => best.distances[row]! > (goal.eps ?? 0));
        if (standing.length === 0) break;
        goal.progress?.(rank, targets, `${this.id}: ${standing.length} points`);
        const given = { points: rowsOf(points, standing), labels: entriesOf(labels, standing) };
        const aims = Int32Array.from(standing, (row) => order[row]![rank]!);
        const found = await approach(victim, { ...given, targets: aims, norm: goal.norm, iterations }, goal);
        standing.forEach((row, at) => {
          if (found.distances[at]! >= best.distances[row]!) return;
          best.distances[row] = found.distances[at]!;
          best.values.set(rowOf(found.values, at, width), row * width);
        });
      }
      return { values: within(best, points, goal.eps) };
    },
  };
}

interface Approach {
  readonly points: Points;
  readonly labels: Int32Array;
  readonly targets: Int32Array;
  readonly norm: Exclude<Norm, "l0">;
  readonly iterations: number;
}

async function approach(victim: Victim, { points, labels, targets, norm, iterations }: Approach, goal: Goal) {
  const { width, rows } = points;
  const found = { values: points.values.slice(), distances: new Float64Array(rows).fill(Number.POSITIVE_INFINITY) };
  let live = Int32Array.from({ length: rows }, (_, row) => row);
  let x: Float32Array = points.values.slice();
  const toPlane = new Float64Array(width);
  const fromStart = new Float64Array(width);
  for (let step = 0; step <= iterations && live.length > 0; step++) {
    goal.signal?.throwIfAborted();
    const aims = entriesOf(targets, live);
    const own = entriesOf(labels, live);
    const { logits, losses, gradients } = await victim.slopes!({ rows: live.length, width, values: x }, own, "targeted-margin", aims);
    const kept: number[] = [];
    for (let at = 0; at < live.length; at++) {
      const row = live[at]!;
      const here = rowOf(x, at, width);
      const start = rowOf(points.values, row, width);
      const isFooled = marginOf(logits, at, victim.classes, own[at]!) < 0;
      const weights = rowOf(gradients, at, width);
      const offset = losses[at]! - dot(weights, here);
      if (isFooled) {
        const far = distance(norm, here, start);
        if (far < found.distances[row]!) {
          found.distances[row] = far;
          found.values.set(here, row * width);
        }
        if (goal.eps !== null && far <= goal.eps) continue;
        for (let feature = 0; feature < width; feature++) here[feature] = start[feature]! + backward * (here[feature]! - start[feature]!);
        kept.push(at);
        continue;
      }
      kept.push(at);
      changeToPlane(norm, { row: here, weights, offset, box: victim }, toPlane);
      changeToPlane(norm, { row: start, weights, offset, box: victim }, fromStart);
      const lengths = [lengthOf(norm, toPlane), lengthOf(norm, fromStart)] as const;
      const bias = lengths[0] + lengths[1] > 0 ? Math.min(lengths[0] / (lengths[0] + lengths[1]), biasMost) : 0;
      for (let feature = 0; feature < width; feature++) {
        const near = here[feature]! + overshoot * toPlane[feature]!;
        here[feature] = (1 - bias) * near + bias * (start[feature]! + overshoot * fromStart[feature]!);
      }
      clip(here, victim);
    }
    if (kept.length < live.length) {
      live = Int32Array.from(kept, (at) => live[at]!);
      x = rowsOf({ rows: 0, width, values: x }, kept).values;
    }
  }
  const ends = { points, labels, norm, found, least: goal.eps ?? 0 };
  await bisect(victim, ends);
  await polish(victim, ends);
  return found;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
