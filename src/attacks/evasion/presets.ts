import type { Attack, Norm } from "./attack.ts";
import { inTurn } from "./ensemble.ts";
import { apgd } from "./gradient/apgd.ts";
import { fabTargeted } from "./gradient/fab.ts";
import { square } from "./scores/square.ts";
import { expected } from "./victims/expected.ts";

export type AutoAttackVersion = "standard" | "plus" | "rand";
export type Effort = "quick" | "standard" | "thorough";

/** What an effort allows each attack: steps, other classes to aim at, restarts as a multiple of the reference's, queries of Square. "standard" is the reference's own. */
const efforts: Readonly<Record<Effort, Allowed>> = {
  quick: { iterations: 20, targets: 3, restarts: 1, queries: 500, draws: 5 },
  standard: { iterations: 100, targets: 9, restarts: 1, queries: 5000, draws: 20 },
  thorough: { iterations: 200, targets: 9, restarts: 2, queries: 20_000, draws: 50 },
};

interface Allowed {
  readonly iterations: number;
  readonly targets: number;
  readonly restarts: number;
  readonly queries: number;
  /** Answers that "rand" averages at each step. */
  readonly draws: number;
}

/**
 * The ensembles known as AutoAttack (Croce & Hein 2020; L1: 2021): "standard" is APGD on cross-entropy and targeted DLR, FAB-T, Square; "plus" adds restarts and APGD
 * on DLR; "rand", for models with randomness, is APGD on both losses over mean answers. DLR compares three logits and its targeted form four: with fewer
 * classes the margin takes their place. The reference's untargeted FAB is left out of "plus": FAB-T goes to the same classes.
 */
export function autoAttack(version: AutoAttackVersion = "standard", effort: Effort = "standard"): Attack {
  const id = `autoattack-${version}`;
  return {
    id,
    access: "gradient",
    norms: ["linf", "l2", "l1"],
    propose(victim, points, labels, goal) {
      const parts = versions[version](efforts[effort], victim.classes, goal.norm);
      return inTurn(id, parts).propose(victim, points, labels, goal);
    },
  };
}

const versions: Readonly<Record<AutoAttackVersion, (allowed: Allowed, classes: number, norm: Norm) => readonly Attack[]>> = {
  standard: ({ iterations, targets, restarts, queries }, classes, norm) => {
    // In L1 the reference starts five times and aims at five classes.
    const many = norm === "l1" ? 5 : 1;
    return [
      apgd({ loss: "cross-entropy", iterations, restarts: many * restarts }),
      targeted(classes, { iterations, restarts, targets: norm === "l1" ? Math.min(5, targets) : targets }),
      fabTargeted({ iterations, targets }),
      square({ queries }),
    ];
  },
  plus: ({ iterations, targets, restarts, queries }, classes) => [
    apgd({ loss: "cross-entropy", iterations, restarts: 5 * restarts }),
    apgd({ loss: ratioOf(classes), iterations, restarts: 5 * restarts }),
    square({ queries }),
    targeted(classes, { iterations, restarts, targets }),
    fabTargeted({ iterations, targets }),
  ],
  rand: ({ iterations, restarts, draws }, classes) => [
    overDraws(apgd({ loss: "cross-entropy", iterations, restarts }), draws),
    overDraws(apgd({ loss: ratioOf(classes), iterations, restarts }), draws),
  ],
};

const ratioOf = (classes: number) => (classes < 3 ? "margin" : "dlr");

const targeted = (classes: number, options: { readonly iterations: number; readonly restarts: number; readonly targets: number }) =>
  apgd({ loss: classes < 4 ? "targeted-margin" : "targeted-dlr", ...options });

const overDraws = (attack: Attack, draws: number): Attack => ({
  ...attack,
  id: `${attack.id}-mean`,
  propose: (victim, ...rest) => attack.propose(expected(victim, draws), ...rest),
});
