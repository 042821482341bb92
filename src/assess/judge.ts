import { isDigest, type ProblemData, placeText, problemData, problemsOf } from "../base/index.ts";
import { type Catalogue, catalogue, cellsOfClaim, claimById, requirementsOfClaim } from "../catalogue/index.ts";
import { type Budget, budgets, type Measured, type Verdict } from "../controls/index.ts";
import type { OwnWords, Result } from "./assessment.ts";
import type { Ending, Measurement } from "./measurement.ts";
import type { Task } from "./plan.ts";
import { policyOf } from "./policy.ts";

/** Turns how a task ended into a result: instant, and the only place where thresholds count. */
export function judge(task: Task, ending: Ending, now: Date, known: Catalogue = catalogue): Result {
  const base = resultBase(task, known);
  if (ending.kind === "missing") return { ...base, verdict: "unassessed", reason: ending.reason, remedy: ending.remedy };
  if (ending.kind === "errored") {
    const { milliseconds, problems, fault } = ending;
    const remedy = "This is our fault, not yours: please report it with the line above.";
    return { ...base, milliseconds, ...errored(problems, { reason: `the control failed: ${fault}`, remedy }) };
  }
  const seen = { ...base, ...measuredPart(ending) };
  try {
    return { ...seen, ...verdictPart(task, ending.measurement, now) };
  } catch (error) {
    const reason = `what was measured could not be judged: ${error instanceof Error ? error.message : String(error)}`;
    const remedy = "Measure it again: `sextant assess --fresh`. If it stays, please report it.";
    return { ...seen, ...errored(problemsOf(error).map(problemData), { reason, remedy }) };
  }
}

/** By the first problem that a person can mend; without one, by what else is known. */
function errored(
  [problem]: readonly ProblemData[],
  otherwise: Pick<Result, "reason" | "remedy">,
): Pick<Result, "verdict" | "reason" | "remedy"> {
  if (problem === undefined) return { verdict: "errored", ...otherwise };
  return { verdict: "errored", reason: [placeText(problem), problem.message].filter(Boolean).join(": "), remedy: problem.remedy };
}

/** A control of the project's own judges in its own process: its verdict is asked for before, and stands for it. */
export async function judgeable(task: Task, ending: Ending, now: Date): Promise<Task> {
  const { own, control, scope } = task;
  if (own === null || ending.kind !== "measured") return task;
  const policy = policyOf(control, scope);
  if (policy.kind === "missing") return task;
  const given = await own.judge(ending.measurement.measured, policy.numbers, now).then(
    (verdict) => () => verdict,
    (error: unknown) => () => {
      throw error;
    },
  );
  return { ...task, control: { ...control, judge: given } };
}

function resultBase(task: Task, known: Catalogue): Result {
  const { claim } = task.control;
  const { model, dataset } = task.scope;
  return {
    control: claim,
    claim,
    ...wordsOf(claim, known),
    subject: task.subject,
    ...(model === undefined ? {} : { model: model.id }),
    ...(dataset === undefined ? {} : { dataset: dataset.id }),
    artefacts: task.artefacts.map(({ id }) => id),
    cells: cellsOfClaim(claim, known).map(({ threat, stage }) => ({ threat, stage })),
    requirements: requirementsOfClaim(claim, known).map(({ id }) => id),
    verdict: "unassessed",
    reason: "",
    remedy: null,
    measures: [],
    findings: [],
    findingsTotal: 0,
    series: [],
    attachments: [],
    pictures: [],
    decisive: [],
    policy: [],
    measuredAt: null,
    evidence: null,
    seed: null,
    budget: null,
    cached: false,
    milliseconds: 0,
  };
}

/** The words of a claim that is the project's own: no reader has them from the catalogue. */
export function wordsOf(claim: string, known: Catalogue): OwnWords {
  const found = claimById(claim) === null ? claimById(claim, known) : null;
  if (found === null) return {};
  const { title, says, wants, owner } = found;
  return { words: { title, says, wants, owner } };
}

/** What was seen, as a result shows it. */
export function seenPart({
  measured,
  seed,
  pictures = [],
}: Measurement): Pick<Result, "measures" | "findings" | "findingsTotal" | "series" | "attachments" | "pictures"> {
  const findings = measured.findings ?? [];
  return {
    measures: measured.measures.map((measure) => (seed === null ? measure : { ...measure, seed })),
    findings,
    findingsTotal: measured.findingsTotal ?? findings.length,
    series: measured.series ?? [],
    attachments: pictures.map(({ digest }) => digest),
    pictures,
  };
}

function measuredPart({ measurement, evidence, fresh }: Ending & { kind: "measured" }): Partial<Result> {
  const { seed, budget, measuredAt, milliseconds } = measurement;
  const known = isDigest(evidence) ? evidence : null;
  return { ...seenPart(measurement), measuredAt, evidence: known, seed, budget, cached: !fresh, milliseconds };
}

function verdictPart(
  task: Task,
  { measured, budget }: Measurement,
  now: Date,
): Pick<Result, "verdict" | "reason" | "remedy" | "decisive" | "policy"> {
  const policy = policyOf(task.control, task.scope);
  if (policy.kind === "missing") {
    const reason = [task.control.unjudged?.(measured), policy.reason].filter(Boolean).join("; ");
    return { verdict: "unassessed", reason, remedy: policy.remedy, decisive: [], policy: [] };
  }
  const verdict = budgeted(supported(task.control.judge(measured, policy.numbers, now), measured), budget, policy.metFrom);
  return {
    verdict: verdict.verdict,
    reason: verdict.reason,
    remedy: verdict.remedy ?? null,
    decisive: verdict.decisive ?? [],
    policy: policy.values,
  };
}

/** Where nothing was measured, nothing is met. */
function supported(verdict: Verdict, { measures }: Measured): Verdict {
  if (verdict.verdict !== "met" || measures.length > 0) return verdict;
  return { ...verdict, verdict: "undecided", reason: "nothing was measured", remedy: "Measure it again: `sextant assess --fresh`." };
}

/** A budget too small for `met` leaves it undecided, whatever was seen. */
function budgeted(verdict: Verdict, spent: Budget | null, metFrom: Budget): Verdict {
  if (verdict.verdict !== "met" || spent === null || budgets.indexOf(spent) >= budgets.indexOf(metFrom)) return verdict;
  const reason = `${verdict.reason}; the ${spent} budget is too small to call it met`;
  return { ...verdict, verdict: "undecided", reason, remedy: `Run it with \`--budget ${metFrom}\`.` };
}
