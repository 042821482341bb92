import { Problem } from "../../base/index.ts";
import type { Attack, Goal, Points, Victim } from "./attack.ts";
import { type Box, distance, entriesOf, rowOf, rowsOf } from "./points.ts";

/** What an attack achieved, as judged afresh: nothing that it claims is believed. */
export interface Struck {
  readonly rows: number;
  /** 1 where the model errs at the row of `values`, and that row keeps to the bounds and to eps. */
  readonly fooled: Uint8Array;
  /** What the model answers there. */
  readonly answers: Int32Array;
  /** Row-major [rows, width]; the start where the attack did not succeed. */
  readonly values: Float32Array;
  /** From the start, in the goal's norm; 0 where the model errs at the start itself, Infinity where it was not fooled. */
  readonly distances: Float64Array;
  /** Proposals that left the bounds, eps or what else is valid: a fault of the attack, counted as no success. */
  readonly invalid: number;
}

/** float32 arithmetic may bring a change this much, relatively, over eps. */
const tolerance = 1e-5;

/**
 * Lets an attack propose changes of the points that the model gets right, and asks `judge` — the same model, opened afresh, without randomness of the
 * attack — about each. Points that the model gets wrong anyway count as fooled at distance 0 and are not attacked. `isValid`: what a point must keep to beside
 * bounds and eps, given its start.
 */
export async function strike(
  attack: Attack,
  { victim, judge }: { readonly victim: Victim; readonly judge: Pick<Victim, "labels"> },
  points: Points,
  labels: Int32Array,
  goal: Goal,
  isValid: (value: Float32Array, start: Float32Array) => boolean = () => true,
): Promise<Struck> {
  if (!attack.norms.includes(goal.norm))
    throw new Problem("ATTACK_UNFIT", `the attack ${attack.id} knows no ${goal.norm}`, {
      remedy: `Choose one of ${attack.norms.join(", ")}.`,
    });
  const { rows, width } = points;
  const answers = await judge.labels(points);
  const right = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => answers[row] === labels[row]);
  const struck = {
    rows,
    fooled: new Uint8Array(rows).fill(1),
    answers,
    values: points.values.slice(),
    distances: new Float64Array(rows),
    invalid: 0,
  };
  for (const row of right) struck.fooled[row] = 0;
  for (const row of right) struck.distances[row] = Number.POSITIVE_INFINITY;
  if (right.length === 0) return struck;
  const started = rowsOf(points, right);
  const proposed = await attack.propose(victim, started, entriesOf(labels, right), goal);
  const again = await judge.labels({ ...started, values: proposed.values });
  for (let at = 0; at < right.length; at++) {
    const row = right[at]!;
    if (again[at] === labels[row]) continue;
    const value = rowOf(proposed.values, at, width);
    const start = rowOf(started.values, at, width);
    const far = distance(goal.norm, value, start);
    if (
      !keeps(value, start, victim) ||
      !isValid(value, start) ||
      far > (goal.eps ?? Number.POSITIVE_INFINITY) * (1 + tolerance) + roundingOf(victim)
    ) {
      struck.invalid++;
      continue;
    }
    struck.fooled[row] = 1;
    struck.answers[row] = again[at]!;
    struck.distances[row] = far;
    struck.values.set(value, row * width);
  }
  return struck;
}

function keeps(row: Float32Array, start: Float32Array, { lows, highs, frozen }: Box): boolean {
  return row.every((value, at) => value >= lows[at]! && value <= highs[at]! && (frozen?.[at] !== 1 || value === start[at]));
}

/** What float32 rounds a feature of the greatest size by. */
function roundingOf({ lows, highs }: Victim): number {
  let most = 0;
  for (let at = 0; at < lows.length; at++) most = Math.max(most, Math.abs(lows[at]!), Math.abs(highs[at]!));
  return Number.isFinite(most) ? most * 2 ** -23 : 0;
}
