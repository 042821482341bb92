import type { Random } from "../../../base/index.ts";
import type { Norm, Points, Victim } from "../attack.ts";
import { project, rowOf } from "../points.ts";
import type { Layout } from "./layout.ts";

/** What is changed, and how far. */
export interface Field {
  readonly norm: Exclude<Norm, "l0">;
  readonly eps: number;
  readonly victim: Victim;
  readonly points: Points;
  readonly layout: Layout;
}

const signOf = (random: Random) => (random.uniform() < 0.5 ? -1 : 1);
const startOf = ({ points }: Field, row: number) => rowOf(points.values, row, points.width);

/** At the rim of what eps allows: stripes in Linf, tiles of hills else. */
export function begin(field: Field, row: number, next: Float32Array, random: Random): void {
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

export function change(field: Field, row: number, now: Float32Array, next: Float32Array, share: number, random: Random): void {
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
