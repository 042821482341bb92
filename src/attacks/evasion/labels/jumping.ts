import type { Random } from "../../../base/index.ts";
import type { Goal, Points, Victim } from "../attack.ts";
import type { Spending } from "../spending.ts";

/** What the parts of the attack share. */
export interface Jumping {
  readonly victim: Victim;
  readonly points: Points;
  readonly goal: Goal;
  readonly norm: "linf" | "l2";
  readonly spends: Spending;
  /** A stream for each point: what is drawn for one does not depend on the others, nor on how questions are batched. */
  readonly randoms: readonly Random[];
}
