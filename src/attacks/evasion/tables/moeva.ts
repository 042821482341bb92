import type { Attack, Goal, Points, Victim } from "../attack.ts";
import { marginOf } from "../losses.ts";
import { distance, entriesOf, rowOf, rowsOf } from "../points.ts";
import { untilSpent } from "../spending.ts";
import { breederOf } from "./breed.ts";
import type { Constraints } from "./constraints.ts";
import { settlerOf } from "./settle.ts";

export interface MoevaOptions {
  readonly population?: number;
  readonly generations?: number;
}

/** Rows asked about at a time, at most. */
const together = 8192;

/**
 * Evolution for tables, after MOEVA (Simonetto et al. 2022), which looks for rows that are wrongly answered, near and valid. Here all that live are valid and within eps, since each is
 * repaired as it is born; they are ranked by the margin of the label, and, where there is no eps, by distance among those that fool the model. Needs scores;
 * with labels alone it is a random search. A point leaves as soon as the model errs at it, or, without eps, when generations end.
 */
export function moeva(constraints: Constraints, { population = 60, generations = 100 }: MoevaOptions = {}): Attack {
  return {
    id: "moeva",
    access: "labels",
    norms: ["linf", "l2", "l1", "l0"],
    async propose(victim, points, labels, goal) {
      const found = points.values.slice();
      const group = Math.max(1, Math.floor(together / population));
      const rounds = Math.min(generations, Math.floor(goal.queries / population) - 1);
      await untilSpent(async () => {
        for (let start = 0; start < points.rows; start += group) {
          goal.progress?.(start, points.rows, "moeva");
          const chosen = Int32Array.from({ length: Math.min(group, points.rows - start) }, (_, at) => start + at);
          const given = { points: rowsOf(points, chosen), labels: entriesOf(labels, chosen), first: start };
          const best = (at: number, value: Float32Array) => found.set(value, (start + at) * points.width);
          await evolve(constraints, victim, { ...given, population, rounds, best }, goal);
        }
      });
      return { values: found };
    },
  };
}

interface Evolution {
  readonly points: Points;
  readonly labels: Int32Array;
  /** The place of the first point among all, so that each has random numbers of its own. */
  readonly first: number;
  readonly population: number;
  readonly rounds: number;
  /** Told of each better point that fools the model. */
  readonly best: (at: number, value: Float32Array) => void;
}

/** One that lives: a valid point, the label's margin there and how far it lies. */
export interface Living {
  readonly value: Float32Array;
  readonly margin: number;
  readonly far: number;
}

async function evolve(constraints: Constraints, victim: Victim, evolution: Evolution, goal: Goal): Promise<void> {
  const { points, labels, first, population, rounds, best } = evolution;
  const { width } = points;
  const settler = settlerOf(constraints, victim, goal);
  const breed = breederOf(constraints, settler, goal);
  const randoms = Array.from({ length: points.rows }, (_, at) => goal.random.fork(`moeva/${first + at}`));
  const lives: Living[][] = Array.from({ length: points.rows }, () => []);
  const done = new Set<number>();
  for (let round = 0; round <= rounds; round++) {
    goal.signal?.throwIfAborted();
    const live = Array.from(lives.keys()).filter((at) => !done.has(at));
    if (live.length === 0) return;
    const born = live.flatMap((at) =>
      breed(lives[at]!, rowOf(points.values, at, width), population, randoms[at]!).map((value) => ({ at, value })),
    );
    const margins = await marginsOf(victim, born, labels, width);
    const children: Living[][] = lives.map(() => []);
    born.forEach(({ at, value }, index) => {
      const child = { value, margin: margins[index]!, far: distance(goal.norm, value, rowOf(points.values, at, width)) };
      children[at]!.push(child);
    });
    for (const at of live) {
      lives[at] = selected([...lives[at]!, ...children[at]!], population, goal);
      const [leader] = lives[at]!;
      if (leader === undefined || leader.margin >= 0) continue;
      best(at, leader.value);
      if (goal.eps !== null) done.add(at);
    }
  }
}

async function marginsOf(
  victim: Victim,
  born: readonly { readonly at: number; readonly value: Float32Array }[],
  labels: Int32Array,
  width: number,
): Promise<Float64Array> {
  const asked = { rows: born.length, width, values: new Float32Array(born.length * width) };
  for (const [index, { value }] of born.entries()) asked.values.set(value, index * width);
  if (born.length === 0) return new Float64Array();
  if (victim.scores === undefined) {
    const answers = await victim.labels(asked);
    return Float64Array.from(born, ({ at }, index) => (answers[index] === labels[at] ? 1 : -1));
  }
  const scores = await victim.scores(asked);
  return Float64Array.from(born, ({ at }, index) => marginOf(scores, index, victim.classes, labels[at]!));
}

/** The best, no two of them alike. */
function selected(living: readonly Living[], population: number, { eps }: Goal): Living[] {
  const isBetter = (a: Living, b: Living) =>
    eps === null && a.margin < 0 && b.margin < 0 ? a.far - b.far || a.margin - b.margin : a.margin - b.margin || a.far - b.far;
  const sorted = living.toSorted(isBetter);
  return sorted
    .filter(({ margin, far }, at) => at === 0 || margin !== sorted[at - 1]!.margin || far !== sorted[at - 1]!.far)
    .slice(0, population);
}
