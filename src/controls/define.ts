import type { Digest, Json, Random } from "../base/index.ts";
import type { StakeholderId } from "../catalogue/index.ts";
import type { Dataset, Model, System } from "../declaration/index.ts";
import type { Measured, Unit, Verdict } from "./measured.ts";

export const budgets = ["quick", "standard", "thorough"] as const;
/** How much effort to spend on measurements that get better with more of it, the least first. */
export type Budget = (typeof budgets)[number];

/** What a control is asked about: the system, and the dataset or the model with the dataset that it is measured on. */
export interface Scope {
  readonly system: System;
  readonly budget: Budget;
  readonly dataset?: Dataset;
  readonly model?: Model;
}

/** Why something cannot be had, and what would give it. */
export interface Missing {
  readonly missing: string;
  readonly remedy: string;
}

/** A vertex of the plan. Its identity (the cache key) is everything in it but `open` and `asks`. */
export type Node =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "budget"; readonly value: number }
  | { readonly kind: "random"; readonly label: string }
  | { readonly kind: "artefact"; readonly id: string; readonly digest: Digest; readonly reading: Json; readonly open: unknown }
  | { readonly kind: "derived"; readonly recipe: string; readonly inputs: Inputs; readonly asks?: Asks };

/** How many queries making something may cost, and whose. No part of its identity: what is made is the same. */
export interface Asks {
  readonly account: string;
  readonly queries: number;
}

export interface Inputs {
  readonly [name: string]: Node;
}

export const isMissing = (planned: Node | Missing): planned is Missing => "missing" in planned;

/** Something that a control declares it needs: planned from the declaration alone, seen as `T` by `measure`. Made by functions such as `predictions`. */
export interface Need<T> {
  /** The smallest thing that it belongs to. */
  readonly per: "system" | "dataset" | "model";
  /** @internal */
  plan(scope: Scope): Node | Missing;
  /**
   * Turns what the plan's node gave into what the control sees; runs in the isolated child.
   *
   * @internal
   */
  view(value: unknown): T;
}

/** What a recipe may use beside its inputs. */
export interface Making {
  progress(done: number, total: number, what: string): void;
  /** For files that do not fit in memory; empty, and removed afterwards. */
  readonly spillFolder: string;
  readonly memoryBytes: number;
}

/** How a derived artefact is made from its inputs: deterministic, and run in the isolated child. */
export interface Recipe<I, O> {
  readonly id: string;
  /** `import.meta.url`: the cache key holds a hash over its import closure. */
  readonly module: string;
  make(inputs: I, making: Making): Promise<O>;
}

export const defineRecipe = <I, O>(recipe: Recipe<I, O>): Recipe<I, O> => recipe;

/** A number that judging uses, with its source. `policy.claims` of sextant.yaml can change it, with a reason. */
export interface PolicyNumber {
  readonly kind: "number";
  readonly value: number;
  /** Where it comes from: a law, a paper, or whose convention it is and why. */
  readonly source: string;
  /** For readers, where it always has the same. */
  readonly unit?: Unit;
}

/** A limit that only the system's owners know, read from its place in sextant.yaml: for Sextant's own controls alone. */
export interface PolicyDeclared {
  readonly kind: "declared";
  /** Its path in sextant.yaml. */
  readonly from: string;
  /** What to do where it is not declared. */
  readonly remedy: string;
  /** For readers, where it always has the same. */
  readonly unit?: Unit;
  /** @internal */
  read(scope: Scope): number | null;
}

/** A number that judging uses: fixed here with its source, or read from the declaration. */
export type PolicyEntry = PolicyNumber | PolicyDeclared;

const inUnit = (unit: Unit | undefined) => (unit === undefined ? {} : { unit });

/** A number of a control's policy. `source` says where it comes from: a law, a paper, or whose convention it is and why. */
export const number = (value: number, source: string, unit?: Unit): PolicyNumber => ({ kind: "number", value, source, ...inUnit(unit) });
/** A limit that only the system's owners can know: its lack makes the claim unassessed. `from` is its path in sextant.yaml. */
export const declared = (from: string, remedy: string, read: (scope: Scope) => number | null, unit?: Unit) =>
  ({ kind: "declared", from, remedy, read, ...inUnit(unit) }) as const satisfies PolicyDeclared;

/** What a control needs, each under the name by which `measure` sees it. */
export interface Needs {
  readonly [name: string]: Need<unknown>;
}
/** The numbers that a control judges by, each under its name. */
export interface Policy {
  readonly [name: string]: PolicyEntry;
}
/** What `measure` is given: for each need the thing itself. */
export type Seen<N extends Needs> = { readonly [K in keyof N]: N[K] extends Need<infer T> ? T : never };
/** What `judge` is given of the policy: plain numbers. */
export type PolicyNumbers<P extends Policy> = { readonly [K in keyof P]: number };

/** The words of a claim that the catalogue does not have, and which of its lines the claim serves: for a project's own controls. */
export interface OwnClaim {
  /** At most 60 characters. */
  readonly title: string;
  /** What holds where it is met, as a sentence. */
  readonly says: string;
  /** The artefacts that it needs, in words that follow "needs". */
  readonly wants: string;
  /** Who acts when it is not met. */
  readonly owner: StakeholderId;
  /** Cells by threat and stage: `weak-algorithm/development`. */
  readonly cells: readonly string[];
  readonly requirements?: readonly string[];
}

/** One claim that can be measured. `measure` sees its needs and nothing else; `judge` sees measures, policy and `now`. */
export interface Control<N extends Needs = Needs, P extends Policy = Policy> {
  /** An id of the catalogue, or one of the project's own: then `about` says what it is. */
  readonly claim: string;
  readonly about?: OwnClaim;
  readonly needs: N;
  readonly policy: P;
  /** The smallest budget whose measurement may say `met`. */
  readonly metFrom?: Budget;
  /** What is seen, as numbers; runs apart from everything else, without files, clock or network. What it throws makes the result `errored`. */
  measure(needs: Seen<N>): Measured | Promise<Measured>;
  /** A verdict on what was measured, as often as limits change: nothing is measured for it. `now` is the time of the assessment. */
  judge(measured: Measured, policy: PolicyNumbers<P>, now: Date): Verdict;
  /** Where a number of the policy is still to be declared: what was seen, in words that the reason for judging nothing begins with. Of a control of a project's own it is not asked. */
  unjudged?(measured: Measured): string | null;
}

/** A control with its types: `measure` and `judge` see what `needs` and `policy` name. It is returned as it is given. */
export const defineControl = <const N extends Needs, const P extends Policy>(control: Control<N, P>): Control<N, P> => control;

/** Any control, for those who run them all. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where the types of needs and policy are forgotten
export type AnyControl = Control<any, any>;

/** The random stream of a control, from the assessment's seed; another `label` gives another stream. */
export const randomness = (label: string): Need<Random> => ({
  per: "system",
  plan: () => ({ kind: "random", label }),
  view: (value) => value as Random,
});

/** A number that grows with the budget: repetitions, queries. */
export const effort = (by: { readonly [B in Budget]: number }): Need<number> => ({
  per: "system",
  plan: ({ budget }) => ({ kind: "budget", value: by[budget] }),
  view: (value) => value as number,
});
