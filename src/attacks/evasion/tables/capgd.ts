import { Problem } from "../../../base/index.ts";
import type { Attack, Goal, Loss, Points, Victim } from "../attack.ts";
import { randomStarts, stepped } from "../gradient/steps.ts";
import { marginOf } from "../losses.ts";
import { entriesOf, project, rowOf, rowsOf } from "../points.ts";
import { untilSpent } from "../spending.ts";
import type { Constraints } from "./constraints.ts";
import { settlerOf } from "./settle.ts";

export interface CapgdOptions {
  readonly iterations?: number;
  /** The first from the point itself, the others from random ones; for what still stands. */
  readonly restarts?: number;
}

/** In turn, restart by restart. */
const losses: readonly Loss[] = ["margin", "cross-entropy"];
/** Steps between two looks at whether the loss still grows. */
const stretch = 5;
/** What momentum keeps of the step proposed (Croce & Hein 2020). */
const momentum = 0.75;

/**
 * Gradient ascent for tables, after CAPGD (Simonetto et al. 2024): projected, with momentum and a step that halves where the loss stands still, and repaired inside each step. The
 * point that climbs is free between whole numbers and texts; the gradient is taken at the valid row that it stands for (BPDA with the identity, Athalye et al. 2018), or,
 * every other restart, at the point itself. Only valid rows are proposed.
 */
export function capgd(constraints: Constraints, { iterations = 30, restarts = 4 }: CapgdOptions = {}): Attack {
  return {
    id: "capgd",
    access: "gradient",
    norms: ["linf", "l2", "l1"],
    async propose(victim, points, labels, goal) {
      const found = points.values.slice();
      let standing = Int32Array.from({ length: points.rows }, (_, row) => row);
      await untilSpent(async () => {
        for (let restart = 0; restart < restarts && standing.length > 0; restart++) {
          goal.progress?.(restart, restarts, `capgd: ${standing.length} points stand`);
          const given = { points: rowsOf(points, standing), labels: entriesOf(labels, standing) };
          const fallen = await climb(constraints, victim, { ...given, restart, iterations }, goal);
          for (const [at, value] of fallen) found.set(value, standing[at]! * points.width);
          standing = standing.filter((_, at) => !fallen.has(at));
        }
      });
      return { values: found };
    },
  };
}

interface Climb {
  readonly points: Points;
  readonly labels: Int32Array;
  readonly restart: number;
  readonly iterations: number;
}

/** The valid rows at which the model errs, by the points' indices. */
async function climb(constraints: Constraints, victim: Victim, { points, labels, restart, iterations }: Climb, goal: Goal) {
  const { eps, norm } = goal;
  const { slopes } = victim;
  if (eps === null || slopes === undefined)
    throw new Problem("ATTACK_UNFIT", "CAPGD needs gradients and a bound", {
      remedy: "Give eps, or choose an attack by scores or labels.",
    });
  const { rows, width } = points;
  const { settle } = settlerOf(constraints, victim, goal);
  const loss = losses[Math.floor(restart / 2) % losses.length]!;
  const random = goal.random.fork(`capgd/${restart}`);
  const free = restart === 0 ? points.values.slice() : randomStarts(points, norm, eps, victim, random);
  const before = free.slice();
  const best = {
    loss: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
    earlier: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
    at: free.slice(),
  };
  const steps = new Float64Array(rows).fill(2 * eps);
  const fallen = new Map<number, Float32Array>();
  let live = Int32Array.from({ length: rows }, (_, row) => row);
  for (let step = 0; step <= iterations && live.length > 0; step++) {
    goal.signal?.throwIfAborted();
    const settled = rowsOf({ rows, width, values: free }, live);
    const isValid = Array.from(live, (row, at) => settle(rowOf(settled.values, at, width), rowOf(points.values, row, width)));
    const own = entriesOf(labels, live);
    const asked = await slopes.call(victim, settled, own, loss);
    // Odd restarts climb by the slope at the free point, and ask about the valid one beside it.
    const slope = restart % 2 === 0 ? asked : await slopes.call(victim, rowsOf({ rows, width, values: free }, live), own, loss);
    const kept: number[] = [];
    live.forEach((row, at) => {
      if (isValid[at] && marginOf(asked.logits, at, victim.classes, labels[row]!) < 0)
        fallen.set(row, rowOf(settled.values, at, width).slice());
      else kept.push(at);
    });
    for (const at of kept) {
      const row = live[at]!;
      const current = rowOf(free, row, width);
      if (slope.losses[at]! > best.loss[row]!) {
        best.loss[row] = slope.losses[at]!;
        rowOf(best.at, row, width).set(current);
      }
      if (step > 0 && step % stretch === 0) {
        if (best.loss[row]! <= best.earlier[row]!) {
          steps[row]! /= 2;
          current.set(rowOf(best.at, row, width));
        }
        best.earlier[row] = best.loss[row]!;
      }
      const next = stepped(norm, current, rowOf(slope.gradients, at, width), steps[row]!);
      const start = rowOf(points.values, row, width);
      project(norm, next, start, eps, victim);
      const old = rowOf(before, row, width);
      const keeps = step === 0 ? 1 : momentum;
      for (let feature = 0; feature < width; feature++) {
        const here = current[feature]!;
        next[feature] = here + keeps * (next[feature]! - here) + (1 - keeps) * (here - old[feature]!);
      }
      project(norm, next, start, eps, victim);
      old.set(current);
      current.set(next);
    }
    live = Int32Array.from(kept, (at) => live[at]!);
  }
  return fallen;
}
