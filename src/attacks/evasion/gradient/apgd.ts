import { Problem } from "../../../base/index.ts";
import type { Attack, Goal, Loss, Points, Proposals, Victim } from "../attack.ts";
import { isTargeted, marginOf, rivals } from "../losses.ts";
import { distance, entriesOf, project, rowOf, rowsOf } from "../points.ts";
import { book, type Climb, climbFrom, narrow } from "./climb.ts";
import { type Ground, ruleOf } from "./step-rules.ts";
import { randomStarts } from "./steps.ts";

/** Which loss APGD climbs, and what it may spend. */
export interface ApgdOptions {
  readonly loss: Loss;
  readonly iterations?: number;
  /** Random starts, one after the other, for what still stands. */
  readonly restarts?: number;
  /** Of a targeted loss: the best so many other classes at the start, one run each. */
  readonly targets?: number;
}

/**
 * Projected gradient ascent that chooses its step size by itself (Croce & Hein 2020, algorithm 1; in L1, 2021). A point leaves as soon as the model errs at
 * it. In L1 the first steps go within three and two times eps, which a ball of few features needs (ibid., section 3.3).
 */
export function apgd({ loss, iterations = 100, restarts = 1, targets = 9 }: ApgdOptions): Attack {
  return {
    id: `apgd-${loss}`,
    access: "gradient",
    norms: ["linf", "l2", "l1"],
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
        const best = await stages(victim, { ...given, targets: aims, loss, iterations }, { ...goal, random });
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

/** For each point where the model errs, or else where the loss was highest. */
interface Ascended {
  readonly values: Float32Array;
  readonly fooled: Uint8Array;
}

/** In L1: multiples of eps, and the share of the iterations within each. */
const widened = [
  [3, 0.3],
  [2, 0.3],
] as const;

async function stages(victim: Victim, ascent: Ascent, goal: Goal): Promise<Ascended> {
  const { norm, eps, random } = goal;
  if (eps === null)
    throw new Problem("ATTACK_UNFIT", "APGD needs a bound", { remedy: "Give eps, or choose an attack that seeks the nearest point." });
  const { points } = ascent;
  const ground = { norm, eps, box: victim, width: points.width };
  if (norm !== "l1") return ascend(victim, ascent, ground, randomStarts(points, norm, eps, victim, random), goal, true);
  let left = ascent.iterations;
  let starts = randomStarts(points, norm, widened[0][0] * eps, victim, random);
  for (const [multiple, share] of widened) {
    const iterations = Math.ceil(share * ascent.iterations);
    left -= iterations;
    const wide = { ...ground, eps: multiple * eps };
    starts = (await ascend(victim, { ...ascent, iterations }, wide, within(starts, points, wide), goal, false)).values;
  }
  return ascend(victim, { ...ascent, iterations: Math.max(0, left) }, ground, within(starts, points, ground), goal, true);
}

function within(starts: Float32Array, { rows, values, width }: Points, { norm, eps, box }: Ground): Float32Array {
  for (let row = 0; row < rows; row++) project(norm, rowOf(starts, row, width), rowOf(values, row, width), eps, box);
  return starts;
}

/** One ascent from these starts; `leaves`: a point leaves as soon as the model errs at it. */
async function ascend(
  victim: Victim,
  { points, labels, targets, loss, iterations }: Ascent,
  ground: Ground,
  starts: Float32Array,
  { signal }: Goal,
  leaves: boolean,
): Promise<Ascended> {
  const { slopes } = victim;
  if (slopes === undefined) throw new Problem("ATTACK_UNFIT", "APGD needs gradients", { remedy: "Choose an attack by scores or labels." });
  const { norm, eps, width } = ground;
  const rule = ruleOf(norm);
  const startOf = (row: number) => rowOf(points.values, row, width);
  const climb = climbFrom(starts, width, rule.step * eps, (row) => distance("l0", rowOf(starts, row, width), startOf(row)));
  const result = { values: starts.slice(), fooled: new Uint8Array(points.rows) };
  const checkpoints = rule.checkpoints(iterations);
  for (let step = 0, since = 0; step <= iterations; step++) {
    signal?.throwIfAborted();
    const own = entriesOf(labels, climb.live);
    const asked = { rows: climb.live.length, width, values: climb.x };
    const answers = await slopes.call(victim, asked, own, loss, targets && entriesOf(targets, climb.live));
    book(climb, answers, width);
    const kept: number[] = [];
    climb.live.forEach((row, at) => {
      const isFooled = leaves && marginOf(answers.logits, at, victim.classes, own[at]!) < 0;
      result.values.set(rowOf(isFooled ? climb.x : climb.bestX, at, width), row * width);
      if (isFooled) result.fooled[row] = 1;
      else kept.push(at);
    });
    if (step === iterations || kept.length === 0) break;
    narrow(climb, kept, width);
    if (checkpoints.has(step) && step > 0) {
      lookBack(climb, step - since, startOf, ground);
      since = step;
    }
    climb.live.forEach((row, at) => {
      const next = rule.next(climb, at, startOf(row), ground, step === 0);
      const current = rowOf(climb.x, at, width);
      rowOf(climb.before, at, width).set(current);
      current.set(next);
    });
  }
  return result;
}

function lookBack(climb: Climb, length: number, startOf: (row: number) => Float32Array, ground: Ground): void {
  const { width, norm } = ground;
  climb.live.forEach((row, at) => {
    const isBack = ruleOf(norm).review(climb, at, length, startOf(row), ground);
    climb.bestThen[at] = climb.best[at]!;
    climb.rises[at] = 0;
    if (!isBack) return;
    climb.x.set(rowOf(climb.bestX, at, width), at * width);
    climb.slope.set(rowOf(climb.bestSlope, at, width), at * width);
  });
}
