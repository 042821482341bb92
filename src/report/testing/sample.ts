import type { Assessment, CellState, ClaimState, NextStep, Outcome, RequirementState, Result, Status } from "../../assess/index.ts";
import { catalogue } from "../../catalogue/index.ts";
import { type Names, plainNames, sampleResults } from "./results.ts";

const precedence = ["unmet", "errored", "unassessed", "undecided"] as const;

/** The rule of `assess`, written again: with nothing met, nothing is passed. */
function worst(outcomes: readonly Outcome[]): Status {
  return precedence.find((outcome) => outcomes.includes(outcome)) ?? (outcomes.includes("met") ? "met" : "unassessed");
}

/** An assessment as a run would give it, over the real catalogue; every figure is invented. */
export function sampleAssessment(given: Partial<Names> = {}): Assessment {
  const names = { ...plainNames, ...given };
  const results = sampleResults(names);
  const claims = new Map(catalogue.claims.map(({ id }) => [id, claimState(id, results)]));
  const states = (ids: readonly string[]) => ids.flatMap((id) => claims.get(id) ?? []);
  return {
    schema: "sextant/assessment@1",
    catalogue: { id: catalogue.id, version: catalogue.version, name: catalogue.name },
    tool: { name: "sextant", version: "0.1.0" },
    system: { name: names.system, purpose: names.purpose },
    seed: 7,
    budget: "quick",
    startedAt: "2026-11-23T14:05:00.000Z",
    finishedAt: "2026-11-23T14:05:18.400Z",
    artefacts: artefacts(names),
    results,
    cells: catalogue.cells.map(({ threat, stage, claims: ids }) => cell(threat, stage, states(ids))),
    requirements: catalogue.requirements.map(({ id, level, stakeholder, stage, claims: ids }) =>
      requirement({ id, level, stakeholder, stage }, states(ids)),
    ),
    next: steps(results, names),
    risks: [],
    exit: { code: 3, why: "1 control errored" },
  };
}

function claimState(id: string, results: readonly Result[]): ClaimState {
  const own = results.filter(({ claim }) => claim === id);
  if (own.length === 0) return { id, control: null, verdict: "unassessed", reason: "no control measures this yet" };
  return { id, control: id, verdict: worst(own.map(({ verdict }) => verdict)), reason: own.map(({ reason }) => reason).join("; ") };
}

const dismissed = new Map([
  ["model-extraction/deployment", "Nobody outside the organisation can query a model."],
  ["data-poisoning/deployment", "Nothing comes back from operation as training data. No model goes on learning in operation."],
]);

function cell(threat: string, stage: string, claims: readonly ClaimState[]): CellState {
  const dismissal = dismissed.get(`${threat}/${stage}`);
  const applies = dismissal === undefined;
  const lowered = threat === "unexplainability";
  return {
    threat,
    stage,
    applies,
    why: dismissal ?? "Its decisions affect people.",
    level: lowered ? "recommended" : "required",
    ...(lowered ? { levelBecause: "a person decides, the model advises" } : {}),
    status: applies ? worst(claims.map(({ verdict }) => verdict)) : "inapplicable",
    claims,
  };
}

const requirement = (
  rest: Pick<RequirementState, "id" | "level" | "stakeholder" | "stage">,
  claims: readonly ClaimState[],
): RequirementState => ({
  ...rest,
  applies: true,
  why: "It holds for every system, whatever its threats.",
  status: worst(claims.map(({ verdict }) => verdict)),
  claims,
});

const urgency = ["unmet", "errored", "undecided", "unassessed"];

function steps(results: readonly Result[], { person }: Names): NextStep[] {
  return results
    .filter(({ verdict }) => urgency.includes(verdict))
    .toSorted((a, b) => urgency.indexOf(a.verdict) - urgency.indexOf(b.verdict))
    .map(({ claim, subject, verdict, reason, remedy }) => {
      const stakeholder = catalogue.claims.find(({ id }) => id === claim)?.owner ?? "developer";
      return {
        stakeholder,
        person: stakeholder === "architect" ? null : person,
        id: claim,
        outcome: verdict,
        what: `${subject}: ${reason}`,
        remedy,
      };
    });
}

function artefacts({ dataset, models }: Names): Assessment["artefacts"] {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;
  const splits = ["train", "evaluation", "test"].map((split, at) => ({
    id: `${dataset}/${split}`,
    kind: "dataset",
    digest: digest(String(at)),
    about: `${(16_281 * (3 - at)).toLocaleString("en-GB")} rows`,
  }));
  return [
    ...splits,
    ...models.map((model, at) => ({ id: model, kind: "model", digest: digest("abc".charAt(at) || "d"), about: "24 nodes, 412,033 bytes" })),
  ];
}
