import { Problem } from "../../../base/index.ts";
import type { Attack, Goal, Loss, Points, Proposals, Victim } from "../attack.ts";
import { isTargeted, marginOf, rivals } from "../losses.ts";
import { entriesOf, project, rowOf, rowsOf } from "../points.ts";
import { randomStarts, stepped } from "./steps.ts";

/** How long APGD climbs, and which loss. */
export interface ApgdOptions {
  readonly loss: Loss;
  readonly iterations?: number;
  /** Random starts, one after the other, for what still stands. */
  readonly restarts?: number;
  /** Of a targeted loss: the best so many other classes at the start, one run each. */
  readonly targets?: number;
}

/**
 * Projected gradient ascent that chooses its step size by itself: momentum, a halved step and a return to the best point where a stretch of steps
 * brought too little (Croce & Hein 2020, algorithm 1). A point leaves as soon as the model errs at it.
 */
export function apgd({ loss, iterations = 100, restarts = 1, targets = 9 }: ApgdOptions): Attack {
  return {
    id: `apgd-${loss}`,
    access: "gradient",
    norms: ["linf", "l2"],
    async propose(victim, points, labels, goal) {
      const found = points.values.slice();
      let standing = Int32Array.from({ length: points.rows }, (_, row) => row);
      const runs = isTargeted(loss) ? Math.min(targets, victim.classes - 1) : 1;
      const order = isTargeted(loss) ? await ranked(victim, points, labels) : null;
      for (let run = 0; run < restarts * runs && standing.length > 0; run++) {
        goal.progress?.(run, restarts * runs, `${this.id}: ${standing.length} points stand`);
        const chosen = order?.map((others) => others[run % runs] ?? 0);
        const given = { points: rowsOf(points, standing), labels: entriesOf(labels, standing) };
        const aims = chosen && Int32Array.from(standing, (row) => chosen[row]!);
        const random = goal.random.fork(`${this.id}/${run}`);
        const best = await ascend(victim, { ...given, targets: aims, loss, iterations }, { ...goal, random });
        standing = standing.filter((row, at) => {
          found.set(rowOf(best.values, at, points.width), row * points.width);
          return best.fooled[at] === 0;
        });
      }
      return { values: found } satisfies Proposals;
    },
  };
}

async function ranked(victim: Victim, points: Points, labels: Int32Array): Promise<readonly number[][]> {
  const scores = await victim.scores?.(points);
  if (scores === undefined) throw new Error("a victim of gradients gives scores");
  return Array.from({ length: points.rows }, (_, row) => rivals(scores, row, victim.classes, labels[row]!));
}

interface Ascent {
  readonly points: Points;
  readonly labels: Int32Array;
  readonly targets: Int32Array | undefined;
  readonly loss: Loss;
  readonly iterations: number;
}

/** What momentum keeps of the step proposed (Croce & Hein 2020, section 3). */
const momentum = 0.75;
/** The share of steps of a stretch that must raise the loss. */
const rising = 0.75;

async function ascend(victim: Victim, ascent: Ascent, goal: Goal): Promise<{ values: Float32Array; fooled: Uint8Array }> {
  const { eps, norm, random } = goal;
  if (eps === null)
    throw new Problem("ATTACK_UNFIT", "APGD needs a bound", { remedy: "Give eps, or choose an attack that seeks the nearest point." });
  const { slopes } = victim;
  if (slopes === undefined) throw new Problem("ATTACK_UNFIT", "APGD needs gradients", { remedy: "Choose an attack by scores or labels." });
  const { points, labels, loss, iterations } = ascent;
  const { rows, width } = points;
  const box = victim;
  // All but the starts are kept compact: row `at` of each array belongs to point live[at].
  let live = Int32Array.from({ length: rows }, (_, row) => row);
  let x: Float32Array = randomStarts(points, norm, eps, box, random);
  let before: Float32Array = x.slice();
  const result = { values: x.slice(), fooled: new Uint8Array(rows) };
  let state = fresh(rows, width, eps);
  const stretches = checkpoints(iterations);
  let since = 0;
  for (let step = 0; step <= iterations; step++) {
    goal.signal?.throwIfAborted();
    const asked = { rows: live.length, width, values: x };
    const targets = ascent.targets && entriesOf(ascent.targets, live);
    const { logits, losses, gradients } = await slopes.call(victim, asked, entriesOf(labels, live), loss, targets);
    const kept: number[] = [];
    for (let at = 0; at < live.length; at++) {
      const row = live[at]!;
      const value = rowOf(x, at, width);
      const isFooled = marginOf(logits, at, victim.classes, labels[row]!) < 0;
      if (losses[at]! > state.last[at]! && step > 0) state.rises[at]!++;
      if (losses[at]! > state.best[at]! || step === 0) {
        state.best[at] = losses[at]!;
        state.bestX.set(value, at * width);
        state.bestGradient.set(rowOf(gradients, at, width), at * width);
        result.values.set(value, row * width);
      }
      state.last[at] = losses[at]!;
      if (isFooled) {
        result.values.set(value, row * width);
        result.fooled[row] = 1;
      } else kept.push(at);
    }
    if (step === iterations || kept.length === 0) break;
    let slope = gradients;
    if (kept.length < live.length) {
      live = Int32Array.from(kept, (at) => live[at]!);
      x = rowsOf({ rows: 0, width, values: x }, kept).values;
      before = rowsOf({ rows: 0, width, values: before }, kept).values;
      slope = rowsOf({ rows: 0, width, values: gradients }, kept).values;
      state = keptOf(state, kept, width);
    }
    if (stretches.has(step) && step > 0) {
      const length = step - since;
      since = step;
      for (let at = 0; at < live.length; at++) {
        const few = state.rises[at]! < rising * length;
        const stuck = state.halved[at] === 0 && state.best[at]! <= state.bestThen[at]!;
        state.halved[at] = few || stuck ? 1 : 0;
        state.bestThen[at] = state.best[at]!;
        state.rises[at] = 0;
        if (state.halved[at] === 0) continue;
        state.steps[at]! /= 2;
        x.set(rowOf(state.bestX, at, width), at * width);
        slope.set(rowOf(state.bestGradient, at, width), at * width);
      }
    }
    const keeps = step === 0 ? 1 : momentum;
    for (let at = 0; at < live.length; at++) {
      const current = rowOf(x, at, width);
      const start = rowOf(points.values, live[at]!, width);
      const next = stepped(norm, current, rowOf(slope, at, width), state.steps[at]!);
      project(norm, next, start, eps, box);
      const old = rowOf(before, at, width);
      for (let feature = 0; feature < width; feature++) {
        const here = current[feature]!;
        next[feature] = here + keeps * (next[feature]! - here) + (1 - keeps) * (here - old[feature]!);
      }
      project(norm, next, start, eps, box);
      old.set(current);
      current.set(next);
    }
  }
  return result;
}

interface State {
  best: Float64Array;
  bestThen: Float64Array;
  bestX: Float32Array;
  bestGradient: Float32Array;
  last: Float64Array;
  steps: Float64Array;
  rises: Int32Array;
  /** Whether the step was halved at the last checkpoint. */
  halved: Uint8Array;
}

const fresh = (rows: number, width: number, eps: number): State => ({
  best: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
  bestThen: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
  bestX: new Float32Array(rows * width),
  bestGradient: new Float32Array(rows * width),
  last: new Float64Array(rows).fill(Number.NEGATIVE_INFINITY),
  steps: new Float64Array(rows).fill(2 * eps),
  rises: new Int32Array(rows),
  halved: new Uint8Array(rows).fill(1),
});

function keptOf(state: State, kept: readonly number[], width: number): State {
  const numbers = (values: Float64Array) => Float64Array.from(kept, (at) => values[at]!);
  const wide = (values: Float32Array) => rowsOf({ rows: 0, width, values }, kept).values;
  return {
    best: numbers(state.best),
    bestThen: numbers(state.bestThen),
    bestX: wide(state.bestX),
    bestGradient: wide(state.bestGradient),
    last: numbers(state.last),
    steps: numbers(state.steps),
    rises: Int32Array.from(kept, (at) => state.rises[at]!),
    halved: Uint8Array.from(kept, (at) => state.halved[at]!),
  };
}

/** Steps after which progress is looked at: the first stretch is .22 of all, each next .03 shorter, none below .06. */
function checkpoints(iterations: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let before = 0, at = 0.22; before < 1; [before, at] = [at, at + Math.max(at - before - 0.03, 0.06)])
    found.add(Math.ceil(at * iterations));
  return found;
}
