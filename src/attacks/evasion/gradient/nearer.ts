import type { Norm, Points, Victim } from "../attack.ts";
import { marginOf } from "../losses.ts";
import { changeToPlane } from "../plane.ts";
import { clip, distance, entriesOf, rowOf, rowsOf } from "../points.ts";

/** The best point of each row so far and how far it lies from its start; Infinity: none yet. */
export interface Found {
  readonly values: Float32Array;
  readonly distances: Float64Array;
}

export const nothingFound = ({ rows, values }: Points): Found => ({
  values: values.slice(),
  distances: new Float64Array(rows).fill(Number.POSITIVE_INFINITY),
});

interface Bisection {
  readonly points: Points;
  readonly labels: Int32Array;
  readonly norm: Norm;
  readonly found: Found;
  readonly least: number;
}

/** Halvings of the way between start and success. */
const halvings = 12;

/** Brings each success further away than `least` nearer to its start along the straight line between them. */
export async function bisect(victim: Pick<Victim, "labels">, { points, labels, norm, found, least }: Bisection): Promise<void> {
  const { width } = points;
  const rows = Int32Array.from(found.distances.keys()).filter(
    (row) => Number.isFinite(found.distances[row]!) && found.distances[row]! > least,
  );
  const near = rowsOf(points, rows).values;
  const far = rowsOf({ ...points, values: found.values }, rows).values;
  for (let round = 0; round < halvings && rows.length > 0; round++) {
    const middle = far.map((value, at) => (value + near[at]!) / 2);
    const answers = await victim.labels({ rows: rows.length, width, values: middle });
    for (let at = 0; at < rows.length; at++) rowOf(answers[at] === labels[rows[at]!] ? near : far, at, width).set(rowOf(middle, at, width));
  }
  rows.forEach((row, at) => {
    const value = rowOf(far, at, width);
    found.values.set(value, row * width);
    found.distances[row] = distance(norm, value, rowOf(points.values, row, width));
  });
}

/** The starts instead of what lies further than eps. */
export function within({ values, distances }: Found, points: Points, eps: number | null): Float32Array {
  if (eps === null) return values;
  distances.forEach((far, row) => {
    if (far > eps) rowOf(values, row, points.width).set(rowOf(points.values, row, points.width));
  });
  return values;
}

/** How far beyond the plane the last steps go, one after the other: of a linear model the first is enough. */
const beyond = [1e-6, 1e-4, 1e-2];

/**
 * From each success: the model made linear there, and the point of that plane that is nearest to the start. Where the model errs at it and it is nearer,
 * it takes the success's place, and the same again; a linear model's distance is exact after one round. Costs at most `rounds` gradients a point.
 */
export async function polish(victim: Victim, { points, labels, norm, found, least }: Bisection, rounds = 6): Promise<void> {
  if (norm === "l0" || victim.slopes === undefined) return;
  const { width } = points;
  let live = Int32Array.from(found.distances.keys()).filter(
    (row) => Number.isFinite(found.distances[row]!) && found.distances[row]! > least,
  );
  const at = { weights: new Float32Array(points.rows * width), offsets: new Float64Array(points.rows), tries: new Int32Array(points.rows) };
  const change = new Float64Array(width);
  let asked = rowsOf({ ...points, values: found.values }, live);
  for (let round = 0; round <= rounds && live.length > 0; round++) {
    const { logits, losses, gradients } = await victim.slopes(asked, entriesOf(labels, live), "margin");
    live = live.filter((row, index) => {
      const here = rowOf(asked.values, index, width);
      const start = rowOf(points.values, row, width);
      const far = distance(norm, here, start);
      const isBetter = far < found.distances[row]! && marginOf(logits, index, victim.classes, labels[row]!) < 0;
      if (isBetter) rowOf(found.values, row, width).set(here);
      if (isBetter) found.distances[row] = far;
      if (isBetter || round === 0) {
        const weights = rowOf(gradients, index, width);
        rowOf(at.weights, row, width).set(weights);
        at.offsets[row] = here.reduce((sum, value, feature) => sum - value * weights[feature]!, losses[index]!);
        at.tries[row] = 0;
        return true;
      }
      return ++at.tries[row]! < beyond.length;
    });
    asked = { rows: live.length, width, values: new Float32Array(live.length * width) };
    live.forEach((row, index) => {
      const start = rowOf(points.values, row, width);
      changeToPlane(norm, { row: start, weights: rowOf(at.weights, row, width), offset: at.offsets[row]!, box: victim }, change);
      const next = rowOf(asked.values, index, width);
      const longer = 1 + beyond[at.tries[row]!]!;
      for (let feature = 0; feature < width; feature++) next[feature] = start[feature]! + longer * change[feature]!;
      clip(next, victim);
    });
  }
}
