import { type Catalogue, claimById, evaluate } from "../catalogue/index.ts";
import { type Declaration, factsOf, threatsOf } from "../declaration/index.ts";
import type { Assessment, CellState, ClaimState, NextStep, RequirementState, Result } from "./assessment.ts";
import { wordsOf } from "./judge.ts";
import { builtIn, type Registry } from "./registry.ts";
import { outcomeOf, statusOf } from "./status.ts";

/** All 27 cells and 19 requirements with their claims, whatever ran. */
export function summarise(
  declaration: Declaration,
  results: readonly Result[],
  registry: Registry = builtIn,
): { cells: CellState[]; requirements: RequirementState[] } {
  const { catalogue } = registry;
  const claims = new Map(catalogue.claims.map(({ id }) => [id, claimState(id, results, registry)]));
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

function claimState(id: string, results: readonly Result[], { entries, catalogue }: Registry): ClaimState {
  const control = entries.find((each) => each.control.claim === id)?.control.claim ?? null;
  if (control === null) return { id, control, verdict: "unassessed", reason: "no control measures this yet" };
  const words = wordsOf(id, catalogue);
  const own = results.filter(({ claim }) => claim === id);
  const verdict = outcomeOf(own.map((result) => result.verdict));
  const deciding = own
    .filter((result) => result.verdict === verdict)
    .map(({ subject, reason }) => (own.length > 1 ? `${subject}: ${reason}` : reason));
  return { id, ...words, control, verdict, reason: deciding.join("; ") };
}

/** The first that holds of: a control errored, something required is unmet, something required is not decided. */
export function exitOf(
  results: readonly Result[],
  cells: readonly CellState[],
  requirements: readonly RequirementState[],
): Assessment["exit"] {
  const errored = results.filter(({ verdict }) => verdict === "errored").length;
  if (errored > 0) return { code: 3, why: errored === 1 ? "one control errored" : `${errored} controls errored` };
  const standing = (lines: readonly { applies: boolean; level: string; status: string }[], noun: string, statuses: readonly string[]) => {
    const required = lines.filter(({ applies, level }) => applies && level === "required");
    const found = required.filter(({ status }) => statuses.includes(status)).length;
    return { found, says: `${found} of ${required.length} ${noun}` };
  };
  for (const [code, statuses] of [
    [1, ["unmet"]],
    [4, ["undecided", "unassessed"]],
  ] as const) {
    const found = [standing(cells, "places", statuses), standing(requirements, "requirement lines", statuses)].filter(
      ({ found: many }) => many > 0,
    );
    if (found.length > 0) return { code, why: `required and ${statuses.join(" or ")}: ${found.map(({ says }) => says).join(", ")}` };
  }
  return { code: 0, why: "nothing required is open" };
}

const urgency = ["unmet", "errored", "undecided", "unassessed"] as const;

/** What to do next, worst first; what no control measures yet is nobody's next step. */
export function nextSteps(
  declaration: Declaration,
  results: readonly Result[],
  cells: readonly CellState[],
  requirements: readonly RequirementState[],
  { catalogue }: Registry = builtIn,
): NextStep[] {
  const standing = [...cells, ...requirements].filter(({ applies }) => applies);
  const levelOf = (claim: string) => standing.filter(({ claims }) => claims.some(({ id }) => id === claim)).map(({ level }) => level);
  const open = results.filter(({ claim }) => levelOf(claim).length > 0);
  return urgency.flatMap((outcome) => {
    const matching = open.filter(({ verdict }) => verdict === outcome);
    const byUrgency = matching.sort(
      (a, b) => Number(levelOf(b.claim).includes("required")) - Number(levelOf(a.claim).includes("required")),
    );
    return [...Map.groupBy(byUrgency, ({ claim, reason }) => (outcome === "unassessed" ? reason : claim)).values()].flatMap((same) =>
      stepOf(same, declaration, catalogue),
    );
  });
}

/** One step for a claim on several subjects, or for several claims that lack the same: the first stands for all. */
function stepOf(same: readonly Result[], { people }: Declaration, catalogue: Catalogue): NextStep[] {
  const [first] = same;
  if (first === undefined) return [];
  const owner = claimById(first.claim, catalogue)?.owner ?? "developer";
  const [someone] = (owner === "user" ? undefined : people?.[owner]) ?? [];
  const person = someone === undefined ? null : typeof someone === "string" ? someone : someone.name;
  const others = same.slice(1).map(({ claim, subject }) => (claim === first.claim ? subject : claim));
  const also = others.length === 0 ? "" : ` (also ${others.length > 3 ? `${others.length} others` : others.join(", ")})`;
  const what = `${first.subject}: ${first.reason}${also}`;
  return [
    {
      stakeholder: owner,
      person,
      id: first.claim,
      ...(first.words === undefined ? {} : { words: first.words }),
      outcome: first.verdict,
      what,
      remedy: first.remedy,
    },
  ];
}
