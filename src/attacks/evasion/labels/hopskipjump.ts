import type { Attack } from "../attack.ts";
import { within } from "../gradient/nearer.ts";
import { distance, rowOf, stacked } from "../points.ts";
import { spending, untilSpent } from "../spending.ts";
import { precisionOf, toBoundary } from "./boundary.ts";
import type { Jumping } from "./jumping.ts";
import { slopesBySigns } from "./signs.ts";
import { firstBoundary, type Starts } from "./starts.ts";

export interface HopSkipJumpOptions {
  /** Rows of data and what the model answers there: those of other answers, nearest first, are where the way to the boundary begins. Left out, or where none is another: noise. */
  readonly starts?: Starts;
  /** Probes of the first estimate of the slope; the t-th takes sqrt(t) times as many. */
  readonly probes?: number;
}

/** Of one estimate. */
const mostProbes = 10_000;
/** A step that still fails after so many halvings is not taken. */
const mostHalvings = 12;

/**
 * HopSkipJump (Chen, Jordan and Wainwright 2020, algorithm 2): from a point where the model errs to the boundary on the way back to the start, there the slope
 * estimated from the answers around, a step along it, and to the boundary again. Needs labels alone. All points' questions of one kind go together.
 */
export function hopSkipJump({ starts, probes = 100 }: HopSkipJumpOptions = {}): Attack {
  return {
    id: "hopskipjump",
    access: "labels",
    norms: ["l2", "linf"],
    async propose(victim, points, labels, goal) {
      const spends = spending(victim, points, labels, goal);
      const randoms = Array.from({ length: points.rows }, (_, row) => goal.random.fork(`hopskipjump/${row}`));
      const norm = goal.norm === "linf" ? "linf" : "l2";
      await untilSpent(() => jump({ victim, points, goal, norm, spends, randoms }, labels, starts, probes));
      return { values: within(spends.found, points, goal.eps), trace: spends.trace };
    },
  };
}

async function jump(all: Jumping, labels: Int32Array, starts: Starts | undefined, probes: number): Promise<void> {
  const { points, goal, spends } = all;
  const halvings = precisionOf(all).halvings;
  const x = await firstBoundary(all, labels, starts);
  const isNear = (row: number) => goal.eps !== null && spends.found.distances[row]! <= goal.eps;
  /** Kept for the step and the way back to the boundary. */
  const reserve = mostHalvings / 2 + halvings;
  let live = Int32Array.from(x.keys()).filter((row) => x[row] !== null);
  for (let step = 1; ; step++) {
    live = live.filter((row) => !isNear(row) && spends.left(row) > reserve + Math.min(probes, 10));
    if (live.length === 0) return;
    goal.progress?.(points.rows - live.length, points.rows, `hopskipjump: step ${step}, ${live.length} points`);
    const planned = Math.min(Math.floor(probes * Math.sqrt(step)), mostProbes);
    const counts = live.map((row) => {
      const free = spends.left(row) - reserve;
      return free < 1.5 * planned + reserve ? Math.min(free, mostProbes) : planned;
    });
    const slopes = await slopesBySigns(all, { rows: live, counts, x, isFirst: step === 1 });
    const stepped = await stride(all, live, x, slopes, step);
    const ends = await toBoundary(all, stepped.rows, stepped.values, halvings);
    stepped.rows.forEach((row, at) => {
      x[row] = rowOf(ends, at, points.width).slice();
    });
  }
}

/** A step of distance / sqrt(t) along each slope, halved until the model errs at its end; rows for which it never does are left out. */
async function stride(
  { victim, points, norm, spends }: Jumping,
  rows: Int32Array,
  x: readonly (Float32Array | null)[],
  slopes: readonly Float64Array[],
  step: number,
) {
  const { width } = points;
  const ends = new Map<number, Float32Array>();
  const lengths = Float64Array.from(rows, (row) => distance(norm, x[row]!, rowOf(points.values, row, width)) / Math.sqrt(step));
  const takes = (at: number) => {
    const row = rows[at]!;
    return x[row]!.map((value, feature) =>
      Math.min(victim.highs[feature]!, Math.max(victim.lows[feature]!, value + lengths[at]! * slopes[at]![feature]!)),
    );
  };
  let trying = Int32Array.from(rows.keys());
  for (let halving = 0; halving <= mostHalvings && trying.length > 0; halving++) {
    trying = trying.filter((at) => spends.left(rows[at]!) > 0);
    const values = stacked(Array.from(trying, takes), width);
    const fooled = await spends.fooled(
      trying.map((at) => rows[at]!),
      values,
    );
    trying = trying.filter((at, index) => {
      if (fooled[index] === 1) ends.set(at, rowOf(values, index, width));
      else lengths[at]! /= 2;
      return fooled[index] === 0;
    });
  }
  const done = Int32Array.from(rows.keys()).filter((at) => ends.has(at));
  const values = stacked(
    Array.from(done, (at) => ends.get(at)!),
    width,
  );
  return { rows: done.map((at) => rows[at]!), values };
}
