import type { Goal, Points, Victim } from "./attack.ts";
import { type Found, nothingFound } from "./gradient/nearer.ts";
import { marginOf } from "./losses.ts";
import { distance, rowOf } from "./points.ts";
import { BudgetSpent } from "./victims/model.ts";

/** What an attack has asked for each point, and the nearest point at which the model erred among all that it asked about. */
export interface Spending {
  readonly found: Found;
  /** How near that was when a point's queries reached each of the goal's marks, row-major [marks, rows]. */
  readonly trace: Float64Array;
  /** Queries that a point has left. */
  left(row: number): number;
  /** For each row of `values`, 1 where the model errs as a change of the point `owners` names for it. One query each. */
  fooled(owners: Int32Array, values: Float32Array): Promise<Uint8Array>;
  /** By how much the label's score lies above the best other, likewise. */
  margins(owners: Int32Array, values: Float32Array): Promise<Float64Array>;
}

/** Books each question of an attack by scores or labels under the point that it is asked for; asking more than `goal.queries` for one is a broken promise and throws. */
export function spending(victim: Victim, points: Points, labels: Int32Array, goal: Goal): Spending {
  const { rows, width } = points;
  const { marks = [] } = goal;
  const spent = new Int32Array(rows);
  const found = nothingFound(points);
  const trace = new Float64Array(marks.length * rows).fill(Number.NaN);

  function book(owner: number, value: Float32Array, isFooled: boolean): void {
    spent[owner]!++;
    const far = isFooled ? distance(goal.norm, value, rowOf(points.values, owner, width)) : Number.POSITIVE_INFINITY;
    if (far < found.distances[owner]!) {
      found.distances[owner] = far;
      found.values.set(value, owner * width);
    }
    const mark = marks.indexOf(spent[owner]!);
    if (mark >= 0) trace[mark * rows + owner] = found.distances[owner]!;
  }

  function check(owners: Int32Array): void {
    goal.signal?.throwIfAborted();
    const more = new Int32Array(rows);
    for (const owner of owners)
      if (spent[owner]! + ++more[owner]! > goal.queries) throw new RangeError(`more than ${goal.queries} queries for one point`);
  }

  return {
    found,
    get trace() {
      return trace.map((far, at) => (Number.isNaN(far) ? found.distances[at % rows]! : far));
    },
    left: (row) => goal.queries - spent[row]!,
    async fooled(owners, values) {
      check(owners);
      const answers = await victim.labels({ rows: owners.length, width, values });
      return Uint8Array.from(owners, (owner, at) => {
        const isFooled = answers[at] !== labels[owner];
        book(owner, rowOf(values, at, width), isFooled);
        return Number(isFooled);
      });
    },
    async margins(owners, values) {
      check(owners);
      const scores = await victim.scores!({ rows: owners.length, width, values });
      return Float64Array.from(owners, (owner, at) => {
        const margin = marginOf(scores, at, victim.classes, labels[owner]!);
        book(owner, rowOf(values, at, width), margin < 0);
        return margin;
      });
    },
  };
}

/** Runs until the attack is done or the victim's own budget is spent: what was found until then counts. */
export async function untilSpent(attack: () => Promise<void>): Promise<void> {
  try {
    await attack();
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
  }
}
