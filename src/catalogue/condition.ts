import { facts as catalogueFacts } from "./facts.ts";
import type { FactId, Facts } from "./ids.ts";
import type { Condition } from "./schema.ts";

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
  const truth = truthOf(condition, facts);
  const applies = truth !== false;
  const supporting = support(condition, facts, { want: applies, strict: truth !== null });
  const because = [
    ...new Set(supporting.map((reason) => (typeof reason === "string" ? sentenceOf(reason, facts[reason]) : reason.always))),
  ];
  const caution = truth === null ? ["Until that is declared, it counts."] : [];
  return {
    applies,
    why: [...because, ...caution].join(" "),
    decisive: [...new Set(supporting.filter((reason) => typeof reason === "string"))],
  };
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

/** What makes a condition `want`, or (not strict) at least not the opposite. */
interface Goal {
  readonly want: boolean;
  readonly strict: boolean;
}

type Reason = FactId | { readonly always: string };

/** The reasons that keep the goal as it is, given that it is reached. */
function support(condition: Condition, facts: Facts, goal: Goal): readonly Reason[] {
  if (typeof condition === "string" || "always" in condition) return [condition];
  if ("not" in condition) return support(condition.not, facts, { ...goal, want: !goal.want });
  const parts = "all" in condition ? condition.all : condition.any;
  const needsEveryPart = "all" in condition === goal.want;
  const carrying = needsEveryPart ? parts : parts.filter((part) => reaches(truthOf(part, facts), goal));
  return carrying.flatMap((part) => support(part, facts, goal));
}

const reaches = (truth: Truth, { want, strict }: Goal) => (strict ? truth === want : truth !== !want);

function sentenceOf(id: FactId, truth: Truth): string {
  const fact = catalogueFacts.find((candidate) => candidate.id === id);
  if (fact === undefined) throw new Error(`the catalogue has no fact ${id}`);
  return truth === null ? fact.ifUnknown : truth ? fact.ifTrue : fact.ifFalse;
}
