import type { Norm } from "../attack.ts";
import { type Box, distance, project, rowOf } from "../points.ts";
import type { Climb } from "./climb.ts";
import { stepped } from "./steps.ts";

/** The ground that a step keeps to. */
export interface Ground {
  readonly norm: Norm;
  readonly eps: number;
  readonly box: Box;
  readonly width: number;
}

/** How an ascent chooses its steps. */
export interface StepRule {
  /** Of the first step, in eps. */
  readonly step: number;
  /** Steps after which progress is looked at. */
  checkpoints(iterations: number): ReadonlySet<number>;
  /** Looks back over `length` steps of row `at` and sets its next step; whether it should go on from its best point. */
  review(climb: Climb, at: number, length: number, start: Float32Array, ground: Ground): boolean;
  /** Where row `at` goes from x. */
  next(climb: Climb, at: number, start: Float32Array, ground: Ground, isFirst: boolean): Float32Array;
}

/** What momentum keeps of the step proposed (Croce & Hein 2020, section 3). */
const momentum = 0.75;
/** The share of steps of a stretch that must raise the loss. */
const rising = 0.75;

/** Linf and L2: a step with momentum, halved where a stretch brought too little (Croce & Hein 2020, algorithm 1). */
const halving: StepRule = {
  step: 2,
  /** The first stretch is .22 of all, each next .03 shorter, none below .06. */
  checkpoints(iterations) {
    const found = new Set<number>();
    for (let before = 0, at = 0.22; before < 1; [before, at] = [at, at + Math.max(at - before - 0.03, 0.06)])
      found.add(Math.ceil(at * iterations));
    return found;
  },
  review(climb, at, length) {
    const isFew = climb.rises[at]! < rising * length;
    const isStuck = climb.halved[at] === 0 && climb.best[at]! <= climb.bestThen[at]!;
    climb.halved[at] = Number(isFew || isStuck);
    if (climb.halved[at] === 1) climb.steps[at]! /= 2;
    return climb.halved[at] === 1;
  },
  next(climb, at, start, { norm, eps, box, width }, isFirst) {
    const current = rowOf(climb.x, at, width);
    const old = rowOf(climb.before, at, width);
    const next = stepped(norm, current, rowOf(climb.slope, at, width), climb.steps[at]!);
    project(norm, next, start, eps, box);
    const keeps = isFirst ? 1 : momentum;
    for (let feature = 0; feature < width; feature++) {
      const here = current[feature]!;
      next[feature] = here + keeps * (next[feature]! - here) + (1 - keeps) * (here - old[feature]!);
    }
    project(norm, next, start, eps, box);
    return next;
  },
};

/** L1: an equal step in the features of steepest slope alone, fewer of them as the best point's changes grow sparser (Croce & Hein 2021, algorithm 1). */
const sparse: StepRule = {
  step: 1,
  checkpoints(iterations) {
    const each = Math.max(1, Math.floor(0.04 * iterations));
    return new Set(Array.from({ length: Math.floor(iterations / each) }, (_, at) => (at + 1) * each));
  },
  review(climb, at, _length, start, { eps, width }) {
    const now = distance("l0", rowOf(climb.bestX, at, width), start);
    const isSparser = now < 0.95 * climb.changed[at]!;
    climb.changed[at] = now;
    climb.steps[at] = isSparser ? eps : Math.max(eps / 10, climb.steps[at]! / 1.5);
    return isSparser;
  },
  next(climb, at, start, { norm, eps, box, width }) {
    const next = rowOf(climb.x, at, width).slice();
    const slope = rowOf(climb.slope, at, width).map((each, feature) => (box.frozen?.[feature] === 1 ? 0 : each));
    const steep = steepest(slope, climb.changed[at]! / 1.5);
    for (const feature of steep) next[feature]! += (climb.steps[at]! / steep.length) * Math.sign(slope[feature]!);
    project(norm, next, start, eps, box);
    return next;
  },
};

/** The features of steepest slope, so many or one, without those of none. */
function steepest(slope: Float32Array, count: number): readonly number[] {
  const order = Array.from(slope.keys()).filter((at) => slope[at] !== 0);
  return order.sort((a, b) => Math.abs(slope[b]!) - Math.abs(slope[a]!) || a - b).slice(0, Math.max(1, Math.round(count)));
}

export const ruleOf = (norm: Norm): StepRule => (norm === "l1" ? sparse : halving);
