import { Problem } from "../../../base/index.ts";
import type { Attack, Goal, Points, Victim } from "../attack.ts";
import { marginOf } from "../losses.ts";
import { entriesOf, project, rowOf, rowsOf } from "../points.ts";
import { randomStarts, stepped } from "./steps.ts";

/** How long PGD climbs, how often it starts, and which loss. */
export interface PgdOptions {
  readonly iterations?: number;
  readonly restarts?: number;
  /** Of a step, as a share of eps. */
  readonly step?: number;
  readonly loss?: "cross-entropy" | "margin";
}

/** Projected gradient ascent with a fixed step from random starts (Madry et al. 2018). A point leaves as soon as the model errs at it. */
export function pgd({ iterations = 20, restarts = 1, step = 2.5 / iterations, loss = "cross-entropy" }: PgdOptions = {}): Attack {
  return {
    id: "pgd",
    access: "gradient",
    norms: ["linf", "l2"],
    async propose(victim, points, labels, goal) {
      const found = points.values.slice();
      let standing = Int32Array.from({ length: points.rows }, (_, row) => row);
      for (let restart = 0; restart < restarts && standing.length > 0; restart++) {
        goal.progress?.(restart, restarts, `pgd: ${standing.length} points stand`);
        const given = rowsOf(points, standing);
        const own = entriesOf(labels, standing);
        const climbed = await climb(
          victim,
          given,
          own,
          { iterations, step, loss },
          { ...goal, random: goal.random.fork(`pgd/${restart}`) },
        );
        standing = standing.filter((row, at) => {
          found.set(rowOf(climbed.values, at, points.width), row * points.width);
          return climbed.fooled[at] === 0;
        });
      }
      return { values: found };
    },
  };
}

async function climb(
  victim: Victim,
  points: Points,
  labels: Int32Array,
  { iterations, step, loss }: Required<Omit<PgdOptions, "restarts">>,
  { norm, eps, random, signal }: Goal,
) {
  const { slopes } = victim;
  if (eps === null || slopes === undefined)
    throw new Problem("ATTACK_UNFIT", "PGD needs gradients and a bound", { remedy: "Give eps, or choose an attack by scores or labels." });
  const { width, rows } = points;
  const values = randomStarts(points, norm, eps, victim, random);
  const fooled = new Uint8Array(rows);
  let live = Int32Array.from({ length: rows }, (_, row) => row);
  for (let at = 0; at <= iterations && live.length > 0; at++) {
    signal?.throwIfAborted();
    const asked = rowsOf({ rows, width, values }, live);
    const { logits, gradients } = await slopes.call(victim, asked, entriesOf(labels, live), loss);
    live = live.filter((row, index) => {
      if (marginOf(logits, index, victim.classes, labels[row]!) < 0) {
        fooled[row] = 1;
        return false;
      }
      if (at === iterations) return true;
      const next = stepped(norm, rowOf(values, row, width), rowOf(gradients, index, width), step * eps);
      project(norm, next, rowOf(points.values, row, width), eps, victim);
      values.set(next, row * width);
      return true;
    });
  }
  return { values, fooled };
}
