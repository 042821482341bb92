import { catalogue, cellId } from "../catalogue/index.ts";
import { controls } from "../controls/index.ts";
import { type Declaration, threatsOf } from "../declaration/index.ts";
import type { Assessment, CellState, ClaimState, Level, NextStep, RequirementState, Result } from "./assessment.ts";
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
  const requirements = catalogue.requirements.map((requirement): RequirementState => {
    const claimed = states(requirement.claims);
    const { id, level, stakeholder, stage } = requirement;
    return {
      id,
      level,
      stakeholder,
      stage,
      status: statusOf(
        true,
        claimed.map(({ verdict }) => verdict),
      ),
      claims: claimed,
    };
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
  const lines = [...cells.filter(({ applies }) => applies), ...requirements].filter(({ level }) => level === "required");
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
export function nextSteps(declaration: Declaration, results: readonly Result[], requirements: readonly RequirementState[]): NextStep[] {
  const steps = urgency.flatMap((outcome) =>
    results
      .filter(({ verdict, claim }) => verdict === outcome && applies(claim, declaration))
      .sort((a, b) => levelOf(a, requirements) - levelOf(b, requirements))
      .map((result) => stepOf(result, declaration)),
  );
  return steps.filter((step, at) => steps.findIndex((other) => other.what === step.what && other.remedy === step.remedy) === at);
}

/** A claim matters when it serves a requirement or a cell that applies. */
function applies(claim: string, declaration: Declaration): boolean {
  const serving = catalogue.cells.filter(({ claims }) => claims.includes(claim)).map(cellId);
  const standing = new Set(threatsOf(declaration).flatMap((cell) => (cell.applies ? [cellId(cell)] : [])));
  return serving.some((id) => standing.has(id)) || catalogue.requirements.some(({ claims }) => claims.includes(claim));
}

const levelOf = ({ requirements: ids }: Result, requirements: readonly RequirementState[]) =>
  requirements.some(({ id, level }) => ids.includes(id) && level === ("required" satisfies Level)) ? 0 : 1;

function stepOf(
  { claim, subject, verdict, reason, remedy, requirements: [requirement], cells: [cell] }: Result,
  { people }: Declaration,
): NextStep {
  const owner = catalogue.requirements.find(({ id }) => id === requirement)?.stakeholder ?? ownerOfStage[cell?.stage ?? ""] ?? "developer";
  const [first] = people?.[owner as keyof typeof people] ?? [];
  const person = first === undefined ? null : typeof first === "string" ? first : first.name;
  return { stakeholder: owner, person, id: claim, outcome: verdict, what: `${subject}: ${reason}`, remedy };
}

/** Whose work a stage is, where no requirement names the owner. */
const ownerOfStage: Readonly<Record<string, string>> = {
  planning: "management",
  "data-preparation": "data-scientist",
  "model-design": "architect",
  development: "developer",
  deployment: "operator",
  operation: "operator",
};
