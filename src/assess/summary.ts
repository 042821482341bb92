import { catalogue, claimById, evaluate } from "../catalogue/index.ts";
import { controls } from "../controls/index.ts";
import { type Declaration, factsOf, threatsOf } from "../declaration/index.ts";
import type { Assessment, CellState, ClaimState, NextStep, RequirementState, Result } from "./assessment.ts";
import { outcomeOf, statusOf } from "./status.ts";

/** All 27 cells and 19 requirements with their claims, whatever ran. */
export function summarise(declaration: Declaration, results: readonly Result[]): { cells: CellState[]; requirements: RequirementState[] } {
  const claims = new Map(catalogue.claims.map(({ id }) => [id, claimState(id, results)]));
  const states = (ids: readonly string[]) => ids.flatMap((id) => claims.get(id) ?? []);
  const levels = declaration.policy?.levels ?? {};
  const cells = threatsOf(declaration).map(({ threat, stage, applies, why }): CellState => {
    const cell = catalogue.cells.find((each) => each.threat === threat && each.stage === stage);
    const claimed = states(cell?.claims ?? []);
    const lowered = levels[`${threat}/${stage}`];
    return {
      threat,
      stage,
      applies,
      why,
      level: lowered?.level ?? "required",
      ...(lowered === undefined ? {} : { levelBecause: lowered.because }),
      status: statusOf(
        applies,
        claimed.map(({ verdict }) => verdict),
      ),
      claims: claimed,
    };
  });
  const facts = factsOf(declaration);
  const requirements = catalogue.requirements.map(({ id, level, stakeholder, stage, claims: ids, when }): RequirementState => {
    const claimed = states(ids);
    const { applies, why } = evaluate(when, facts);
    const status = statusOf(
      applies,
      claimed.map(({ verdict }) => verdict),
    );
    return { id, level, stakeholder, stage, applies, why, status, claims: claimed };
  });
  return { cells, requirements };
}

function claimState(id: string, results: readonly Result[]): ClaimState {
  const control = controls.find((each) => each.control.claim === id)?.control.claim ?? null;
  if (control === null) return { id, control, verdict: "unassessed", reason: "no control measures this yet" };
  const own = results.filter(({ claim }) => claim === id);
  const verdict = outcomeOf(own.map((result) => result.verdict));
  const deciding = own
    .filter((result) => result.verdict === verdict)
    .map(({ subject, reason }) => (own.length > 1 ? `${subject}: ${reason}` : reason));
  return { id, control, verdict, reason: deciding.join("; ") };
}

/** The first that holds of: a control errored, something required is unmet, something required is not decided. */
export function exitOf(
  results: readonly Result[],
  cells: readonly CellState[],
  requirements: readonly RequirementState[],
): Assessment["exit"] {
  const lines = [...cells, ...requirements].filter(({ applies, level }) => applies && level === "required");
  const number = (...statuses: string[]) => lines.filter(({ status }) => statuses.includes(status)).length;
  const errored = results.filter(({ verdict }) => verdict === "errored").length;
  if (errored > 0) return { code: 3, why: `${plural(errored, "control")} errored` };
  const unmet = number("unmet");
  if (unmet > 0) return { code: 1, why: `${plural(unmet, "required line")} unmet` };
  const open = number("undecided", "unassessed");
  if (open > 0) return { code: 4, why: `${plural(open, "required line")} undecided or unassessed` };
  return { code: 0, why: "nothing required is open" };
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const urgency = ["unmet", "errored", "undecided", "unassessed"] as const;

/** What to do next, worst first; what no control measures yet is nobody's next step. */
export function nextSteps(
  declaration: Declaration,
  results: readonly Result[],
  cells: readonly CellState[],
  requirements: readonly RequirementState[],
): NextStep[] {
  const standing = [...cells, ...requirements].filter(({ applies }) => applies);
  const levelOf = (claim: string) => standing.filter(({ claims }) => claims.some(({ id }) => id === claim)).map(({ level }) => level);
  const open = results.filter(({ claim }) => levelOf(claim).length > 0);
  const steps = urgency.flatMap((outcome) =>
    open
      .filter(({ verdict }) => verdict === outcome)
      .sort((a, b) => Number(levelOf(b.claim).includes("required")) - Number(levelOf(a.claim).includes("required")))
      .map((result) => stepOf(result, declaration)),
  );
  return steps.filter((step, at) => steps.findIndex((other) => other.what === step.what && other.remedy === step.remedy) === at);
}

function stepOf({ claim, subject, verdict, reason, remedy }: Result, { people }: Declaration): NextStep {
  const owner = claimById(claim)?.owner ?? "developer";
  const [first] = (owner === "user" ? undefined : people?.[owner]) ?? [];
  const person = first === undefined ? null : typeof first === "string" ? first : first.name;
  return { stakeholder: owner, person, id: claim, outcome: verdict, what: `${subject}: ${reason}`, remedy };
}
