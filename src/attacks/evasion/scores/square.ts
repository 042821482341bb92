import { Problem } from "../../../base/index.ts";
import type { Attack, Goal } from "../attack.ts";
import { within } from "../gradient/nearer.ts";
import { rowOf } from "../points.ts";
import { spending, untilSpent } from "../spending.ts";
import { begin, change, type Field } from "./changes.ts";
import { layoutOf } from "./layout.ts";

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
