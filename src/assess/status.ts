import type { Outcome, Status } from "./assessment.ts";

/** The first of these that any claim has decides, worst first. */
const precedence = ["unmet", "errored", "unassessed", "undecided"] as const satisfies readonly Outcome[];

/**
 * The status of a cell or a requirement: a total function of whether it applies and of its claims' outcomes. Missing evidence is never a pass: with
 * no claim, or with none that is met, it is `unassessed`.
 */
export function statusOf(applies: boolean, claims: readonly Outcome[]): Status {
  if (!applies) return "inapplicable";
  const worst = precedence.find((outcome) => claims.includes(outcome));
  return worst ?? (claims.includes("met") ? "met" : "unassessed");
}

/** One claim measured on several subjects: the worst counts; `inapplicable` only when it is so for all. */
export function outcomeOf(subjects: readonly Outcome[]): Outcome {
  if (subjects.length > 0 && subjects.every((outcome) => outcome === "inapplicable")) return "inapplicable";
  return statusOf(true, subjects);
}
