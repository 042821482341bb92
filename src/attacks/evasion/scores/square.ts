import { Problem, type Random } from "../../../base/index.ts";
import type { Attack, Goal, Norm, Points, Victim } from "../attack.ts";
import { within } from "../gradient/nearer.ts";
import { project, rowOf } from "../points.ts";
import { spending, untilSpent } from "../spending.ts";
import { type Layout, layoutOf } from "./layout.ts";

export interface SquareOptions {
  /** For each point, where the goal allows no fewer. */
  readonly queries?: number;
  /** The share of features that changes at once, at the start. */
  readonly share?: number;
}

/**
 * Square (Andriushchenko et al. 2020): random changes of squares of a picture, or of some features of a row, at the rim of what eps allows; one that lowers
 * the margin stays. The squares shrink as the queries go. A point leaves as soon as the model errs at it. L1 as in L2 (Croce & Hein 2021, section 4).
 */
export function square({ queries = Number.POSITIVE_INFINITY, share = 0.8 }: SquareOptions = {}): Attack {
  return {
    id: "square",
    access: "scores",
    norms: ["linf", "l2", "l1"],
    async propose(victim, points, labels, given) {
      const { norm, eps } = given;
      if (victim.scores === undefined || eps === null || norm === "l0")
        throw new Problem("ATTACK_UNFIT", "Square needs scores and a bound in Linf, L2 or L1", {
          remedy: "Give eps, or choose an attack that seeks the nearest point; without scores one by labels.",
        });
      const goal = { ...given, queries: Math.min(queries, given.queries) };
      const spends = spending(victim, points, labels, goal);
      const field = { norm, eps, victim, points, layout: layoutOf(victim) };
      await untilSpent(() => search(field, spends, goal, share));
      return { values: within(spends.found, points, null), trace: spends.trace };
    },
  };
}

interface Field {
  readonly norm: Exclude<Norm, "l0">;
  readonly eps: number;
  readonly victim: Victim;
  readonly points: Points;
  readonly layout: Layout;
}

/** Where the share of features halves, in ten-thousandths of the queries (Andriushchenko et al. 2020, section 3.2). */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

const shareAt = (share: number, done: number): number => share / 2 ** halvings.filter((each) => done * 10_000 > each).length;

async function search(field: Field, spends: ReturnType<typeof spending>, goal: Goal, share: number): Promise<void> {
  const { rows, width } = field.points;
  const randoms = Array.from({ length: rows }, (_, row) => goal.random.fork(`square/${row}`));
  const best = field.points.values.slice();
  const margins = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let live = Int32Array.from({ length: rows }, (_, row) => row);
  for (let query = 0; query < goal.queries && live.length > 0; query++) {
    if (query % 100 === 0) goal.progress?.(query, goal.queries, `square: ${live.length} points stand`);
    const values = new Float32Array(live.length * width);
    live.forEach((row, at) => {
      const now = rowOf(best, row, width);
      const next = rowOf(values, at, width);
      const part = shareAt(share, query / goal.queries);
      if (query === 0) begin(field, row, next, randoms[row]!);
      else change(field, row, now, next, part, randoms[row]!);
    });
    const asked = await spends.margins(live, values);
    live = live.filter((row, at) => {
      if (asked[at]! < margins[row]!) {
        margins[row] = asked[at]!;
        rowOf(best, row, width).set(rowOf(values, at, width));
      }
      return asked[at]! >= 0;
    });
  }
}

const signOf = (random: Random) => (random.uniform() < 0.5 ? -1 : 1);
const startOf = ({ points }: Field, row: number) => rowOf(points.values, row, points.width);

/** At the rim of what eps allows: stripes in Linf, tiles of hills else. */
function begin(field: Field, row: number, next: Float32Array, random: Random): void {
  const { norm, layout } = field;
  const start = startOf(field, row);
  next.set(start);
  if (norm === "linf") {
    shift(field, start, next, layout.stripes, field.eps, random);
    return;
  }
  const delta = new Float64Array(start.length);
  for (const groups of layout.tiles)
    for (const group of groups) {
      const pattern = layout.pattern(group.length, random);
      const sign = signOf(random);
      group.forEach((feature, at) => {
        delta[feature] = sign * pattern[at]!;
      });
    }
  toRim(field, start, delta, next);
}

/** Tries to draw a change that changes something (ibid., section 3.3); after so many the last stands. */
const tries = 10;

function change(field: Field, row: number, now: Float32Array, next: Float32Array, share: number, random: Random): void {
  const start = startOf(field, row);
  for (let attempt = 0; attempt < tries; attempt++) {
    next.set(now);
    if (field.norm === "linf") shift(field, start, next, field.layout.patch(share, random), 2 * field.eps, random);
    else move(field, start, next, share, random);
    if (differs(next, now)) return;
  }
}

function differs(next: Float32Array, now: Float32Array): boolean {
  for (let at = 0; at < next.length; at++) if (next[at] !== now[at]) return true;
  return false;
}

/** Each group by `size` up or down, then within eps and the box. */
function shift(
  { norm, eps, victim }: Field,
  start: Float32Array,
  next: Float32Array,
  groups: readonly Int32Array[],
  size: number,
  random: Random,
): void {
  for (const group of groups) {
    const by = signOf(random) * size;
    for (const feature of group) next[feature]! += by;
  }
  project(norm, next, start, eps, victim);
}

/** What one window changes goes to another, whose own change is mixed with a new pattern; what eps leaves unused goes there too. */
function move(field: Field, start: Float32Array, next: Float32Array, share: number, random: Random): void {
  const { norm, eps, layout } = field;
  const delta = new Float64Array(next.length);
  for (let at = 0; at < next.length; at++) delta[at] = next[at]! - start[at]!;
  const to = layout.window(share, random);
  const from = layout.window(share, random);
  const unused = Math.max(0, massOf(norm, eps) - massOfAll(norm, delta)) / to.length;
  to.forEach((group, channel) => {
    const pattern = layout.pattern(group.length, random);
    const sign = signOf(random);
    const changes = taken(delta, group);
    const others = taken(delta, from[channel]!);
    const mass = massOfAll(norm, changes) + massOfAll(norm, others) + unused;
    const own = 1e-12 + lengthOf(norm, changes);
    const whole = norm === "l1" ? lengthOf(norm, pattern) : 1;
    for (let at = 0; at < changes.length; at++) changes[at] = changes[at]! / own + (sign * pattern[at]!) / whole;
    const scale = lengthFrom(norm, mass) / (1e-12 + lengthOf(norm, changes));
    for (let at = 0; at < group.length; at++) delta[group[at]!] = changes[at]! * scale;
  });
  toRim(field, start, delta, next);
}

/** These features' changes, which are 0 thereafter: what two windows share is taken once. */
function taken(delta: Float64Array, features: Int32Array): Float64Array {
  const found = new Float64Array(features.length);
  for (let at = 0; at < features.length; at++) {
    found[at] = delta[features[at]!]!;
    delta[features[at]!] = 0;
  }
  return found;
}

/** The start and the change, scaled to length eps, then within eps and the box. */
function toRim({ norm, eps, victim }: Field, start: Float32Array, delta: Float64Array, next: Float32Array): void {
  const length = lengthOf(norm, delta);
  const scale = length > 0 ? eps / length : 0;
  for (let at = 0; at < next.length; at++) next[at] = start[at]! + delta[at]! * scale;
  project(norm, next, start, eps, victim);
}

/** What adds up over features: squares in L2, amounts in L1. */
const massOf = (norm: Norm, each: number) => (norm === "l2" ? each * each : Math.abs(each));
const lengthFrom = (norm: Norm, mass: number) => (norm === "l2" ? Math.sqrt(mass) : mass);
const lengthOf = (norm: Norm, values: Float64Array) => lengthFrom(norm, massOfAll(norm, values));

function massOfAll(norm: Norm, values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += massOf(norm, values[at]!);
  return sum;
}
