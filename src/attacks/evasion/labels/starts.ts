import type { Random } from "../../../base/index.ts";
import type { Points } from "../attack.ts";
import type { Box } from "../points.ts";
import { distance, entriesOf, rowOf, stacked } from "../points.ts";
import { precisionOf, toBoundary } from "./boundary.ts";
import type { Jumping } from "./jumping.ts";

/** Rows of data, and the model's answers there. */
export interface Starts {
  readonly points: Points;
  readonly answers: Int32Array;
}

/** Candidates for a row in one round of questions, rounds at most, how many of a round's successes are followed to the boundary, and how near to it before one is chosen. */
const together = 8;
const rounds = 13;
const followed = 4;
const roughly = 6;

/** For each point somewhere on the boundary; null where no candidate fooled the model. */
export async function firstBoundary(all: Jumping, labels: Int32Array, starts: Starts | undefined): Promise<(Float32Array | null)[]> {
  const { points, spends } = all;
  const { width, rows } = points;
  const x: (Float32Array | null)[] = Array.from({ length: rows }, () => null);
  let lost = Int32Array.from({ length: rows }, (_, row) => row);
  for (let round = 0; round < rounds && lost.length > 0; round++) {
    const tried = await candidates(all, lost, (row) => proposals(all, row, labels[row]!, starts, round));
    const reached = await toBoundary(all, tried.owners, tried.values, roughly);
    const best = new Map<number, Float32Array>();
    const far = (row: number, value: Float32Array) => distance(all.norm, value, rowOf(points.values, row, width));
    tried.owners.forEach((row, at) => {
      const value = rowOf(reached, at, width);
      const before = best.get(row);
      if (before === undefined || far(row, value) < far(row, before)) best.set(row, value);
    });
    const owners = Int32Array.from(best.keys());
    const ends = await toBoundary(all, owners, stacked(Array.from(best.values()), width), precisionOf(all).halvings);
    owners.forEach((row, at) => {
      x[row] = rowOf(ends, at, width).slice();
    });
    lost = lost.filter((row) => x[row] === null && spends.left(row) > 0);
  }
  return x;
}

/** Asks about the candidates of each row; of those that fool the model, the nearest few. */
async function candidates({ points, norm, spends }: Jumping, rows: Int32Array, propose: (row: number) => readonly Float32Array[]) {
  const { width } = points;
  const asked = Array.from(rows).flatMap((row) =>
    propose(row)
      .slice(0, spends.left(row))
      .map((value) => ({ row, value })),
  );
  const valuesOf = (some: typeof asked) =>
    stacked(
      some.map(({ value }) => value),
      width,
    );
  const fooled = await spends.fooled(
    Int32Array.from(asked, ({ row }) => row),
    valuesOf(asked),
  );
  const far = ({ row, value }: (typeof asked)[number]) => distance(norm, value, rowOf(points.values, row, width));
  const kept = Array.from(rows).flatMap((row) =>
    asked
      .filter((each, at) => each.row === row && fooled[at] === 1)
      .sort((a, b) => far(a) - far(b))
      .slice(0, followed),
  );
  return { owners: Int32Array.from(kept, ({ row }) => row), values: valuesOf(kept) };
}

function proposals({ victim, points, norm, randoms }: Jumping, row: number, label: number, starts: Starts | undefined, round: number) {
  const start = rowOf(points.values, row, points.width);
  const others = starts === undefined ? [] : nearestOthers(starts, start, label, norm).slice(round * together, (round + 1) * together);
  const given = others.map((value) => withFrozen(value, start, victim.frozen));
  if (given.length > 0) return given;
  return Array.from({ length: together }, (_, at) => withFrozen(noise(start, at, victim, randoms[row]!), start, victim.frozen));
}

function nearestOthers({ points, answers }: Starts, start: Float32Array, label: number, norm: Jumping["norm"]): Float32Array[] {
  const others = Int32Array.from(answers.keys()).filter((at) => answers[at] !== label);
  const far = Float64Array.from(others, (at) => distance(norm, rowOf(points.values, at, points.width), start));
  const order = Int32Array.from(others.keys()).sort((a, b) => far[a]! - far[b]! || a - b);
  return Array.from(entriesOf(others, order), (at) => rowOf(points.values, at, points.width));
}

function withFrozen(value: Float32Array, start: Float32Array, frozen: Box["frozen"]): Float32Array {
  return frozen === undefined ? value : value.map((each, at) => (frozen[at] === 1 ? start[at]! : each));
}

/** Anywhere in the box, evenly (even places) or at its ends; where the box has no end, around the start. */
function noise(start: Float32Array, place: number, { lows, highs }: Box, random: Random): Float32Array {
  const share = random.uniform();
  return start.map((value, at) => {
    const [low, high] = [lows[at]!, highs[at]!];
    const way = place % 2 === 0 ? random.uniform() : Number(random.uniform() < share);
    if (Number.isFinite(high - low)) return low + way * (high - low);
    return Math.min(high, Math.max(low, value + 2 ** place * random.normal()));
  });
}
