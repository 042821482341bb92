import { facts as catalogueFacts } from "./facts.ts";
import type { FactId, Facts } from "./ids.ts";
import type { Condition, Fact } from "./schema.ts";

export interface Evaluation {
  readonly applies: boolean;
  /** One or more whole sentences. */
  readonly why: string;
  /** Facts that settle it: whatever the others were, the answer would be the same. */
  readonly decisive: readonly FactId[];
}

type Truth = boolean | null;

/** Whether something applies under the declared facts, and why. What is unknown is never a reason to dismiss. */
export function evaluate(condition: Condition, facts: Facts): Evaluation {
  const applies = truthOf(condition, facts) !== false;
  const reasons = support(condition, facts, applies);
  return { applies, why: inWords(reasons, facts), decisive: [...new Set(reasons.filter((reason) => typeof reason === "string"))] };
}

/** Kleene's three-valued logic. */
function truthOf(condition: Condition, facts: Facts): Truth {
  if (typeof condition === "string") return facts[condition];
  if ("always" in condition) return true;
  if ("not" in condition) return negated(truthOf(condition.not, facts));
  if ("all" in condition) return every(condition.all.map((part) => truthOf(part, facts)));
  return negated(every(condition.any.map((part) => negated(truthOf(part, facts)))));
}

const negated = (truth: Truth): Truth => (truth === null ? null : !truth);
const every = (truths: readonly Truth[]): Truth => (truths.includes(false) ? false : truths.includes(null) ? null : true);

type Reason = FactId | { readonly always: string };

/** Given a condition that is `want` or unknown: the reasons that keep it from becoming the opposite. */
function support(condition: Condition, facts: Facts, want: boolean): readonly Reason[] {
  if (typeof condition === "string" || "always" in condition) return [condition];
  if ("not" in condition) return support(condition.not, facts, !want);
  const parts = "all" in condition ? condition.all : condition.any;
  const needsEveryPart = "all" in condition === want;
  const truth = truthOf(condition, facts);
  const carrying = needsEveryPart ? parts : parts.filter((part) => truthOf(part, facts) === truth);
  return carrying.flatMap((part) => support(part, facts, want));
}

function inWords(reasons: readonly Reason[], facts: Facts): string {
  const isUnknown = (reason: Reason): reason is FactId => typeof reason === "string" && facts[reason] === null;
  const known = reasons.filter((reason) => !isUnknown(reason)).map((reason) => knownInWords(reason, facts));
  const unknown = reasons.filter(isUnknown).map((id) => factById(id).ifUnknown);
  const counted = unknown.length === 0 ? [] : [`Not declared, so counted: ${[...new Set(unknown)].join("; ")}.`];
  return [...new Set([...known, ...counted])].join(" ");
}

function knownInWords(reason: Reason, facts: Facts): string {
  if (typeof reason !== "string") return reason.always;
  return facts[reason] ? factById(reason).ifTrue : factById(reason).ifFalse;
}

function factById(id: FactId): Fact {
  const fact = catalogueFacts.find((candidate) => candidate.id === id);
  if (fact === undefined) throw new Error(`the catalogue has no fact ${id}`);
  return fact;
}
