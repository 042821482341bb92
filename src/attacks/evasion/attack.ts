import type { Random } from "../../base/index.ts";

/** What an attack may see of a model's answers, from most to least. */
export type Access = "gradient" | "scores" | "labels";

/** How a change is measured: the largest of its numbers, its length, the sum of their sizes, or how many are not zero. */
export type Norm = "linf" | "l2" | "l1" | "l0";

/** Points, row-major [rows, width]: a picture, a row of a table or a sequence, flat. */
export interface Points {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * The losses of which a victim gives gradients by its points. `targets` where a loss has one: a class for each row. All are higher where the model errs more:
 * cross-entropy (CE); the difference of logits, z_target - z_label, or the best other class's; the ratio of differences DLR and its targeted form (Croce & Hein 2020).
 */
export type Loss = "cross-entropy" | "margin" | "targeted-margin" | "dlr" | "targeted-dlr";

/** Logits row-major [rows, classes], the loss of each row and its gradient by the points, row-major [rows, width]. */
export interface Slopes {
  readonly logits: Float32Array;
  readonly losses: Float32Array;
  readonly gradients: Float32Array;
}

/**
 * The model as an attack sees it. Every row of every call is one query (a gradient: one more), counted by who made the victim. Only methods that the
 * access level allows exist. Throws BudgetSpent when a budget of queries would be overspent: nothing was asked then.
 */
export interface Victim {
  readonly access: Access;
  readonly width: number;
  readonly classes: number;
  /** Bounds of each feature, of `width` numbers each. */
  readonly lows: Float32Array;
  readonly highs: Float32Array;
  /** 1 for features that stay as they are in each row; left out: none. */
  readonly frozen?: Uint8Array | undefined;
  /** Of pictures: what a point's numbers are, row-major. Left out: a row of a table. */
  readonly shape?: readonly number[] | undefined;
  /** Rows that are fast in one call. */
  readonly batch: number;
  /** The class that is answered, for each row. */
  labels(points: Points): Promise<Int32Array>;
  /** Logits where the model has them, else logarithms of its probabilities; row-major [rows, classes]. */
  scores?(points: Points): Promise<Float32Array>;
  /** The loss of each row with its gradient. */
  slopes?(points: Points, labels: Int32Array, loss: Loss, targets?: Int32Array): Promise<Slopes>;
}

/** What an attack is to do: stay within `eps` and make the model err, or, with eps null, err as near to the start as it can. */
export interface Goal {
  readonly norm: Norm;
  readonly eps: number | null;
  /** What the attack may spend for each point. */
  readonly queries: number;
  readonly random: Random;
  /** Numbers of queries at which an attack by scores or labels notes how near each point's best is. */
  readonly marks?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what is being done, now and then. */
  readonly progress?: ((done: number, total: number, what: string) => void) | undefined;
}

/** For each point the best that the attack found, in the points' order; a row that it could not fool is its start. Nothing here is believed: `strike` asks the model afresh. */
export interface Proposals {
  readonly values: Float32Array;
  /** By its own count: distances of the best at each of the goal's marks, row-major [marks, rows]; Infinity: none yet. */
  readonly trace?: Float64Array | undefined;
}

/** An attack: proposes points that a model may get wrong. Plain, deterministic under `goal.random`, in batches, and only for points that still stand. */
export interface Attack {
  readonly id: string;
  readonly access: Access;
  readonly norms: readonly Norm[];
  /** A number of rows at once is up to the attack; memory is bounded by `victim.batch`. */
  propose(victim: Victim, points: Points, labels: Int32Array, goal: Goal): Promise<Proposals>;
}
