import type { Attack } from "./attack.ts";
import { entriesOf, rowOf, rowsOf } from "./points.ts";

/**
 * Attacks one after the other, each only on the points that all before left standing, as the victim itself answers. What a person knows as AutoAttack is
 * such a row (Croce & Hein 2020): APGD on cross-entropy, APGD on targeted DLR, FAB-T, Square.
 */
export function inTurn(id: string, attacks: readonly Attack[]): Attack {
  const [first] = attacks;
  if (first === undefined) throw new RangeError("an ensemble has at least one attack");
  return {
    id,
    access: first.access,
    norms: first.norms.filter((norm) => attacks.every(({ norms }) => norms.includes(norm))),
    async propose(victim, points, labels, goal) {
      const { width } = points;
      const values = points.values.slice();
      let standing = Int32Array.from({ length: points.rows }, (_, row) => row);
      for (const attack of attacks) {
        if (standing.length === 0) break;
        const own = entriesOf(labels, standing);
        const proposed = await attack.propose(victim, rowsOf(points, standing), own, { ...goal, random: goal.random.fork(attack.id) });
        const answers = await victim.labels({ rows: standing.length, width, values: proposed.values });
        standing = standing.filter((row, at) => {
          if (answers[at] === own[at]) return true;
          values.set(rowOf(proposed.values, at, width), row * width);
          return false;
        });
      }
      return { values };
    },
  };
}
