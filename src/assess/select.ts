import { nearest, Problem } from "../base/index.ts";
import { catalogue, cellId, cellsOfClaim, requirementsOfClaim } from "../catalogue/index.ts";

/** Which claims a run measures: `--only` names claims, threats, cells or requirements; `--stage` names stages. */
export interface Selection {
  readonly only: readonly string[];
  readonly stages: readonly string[];
}

export const everything: Selection = { only: [], stages: [] };

/** Whether a claim is selected. */
export function isSelected(claim: string, { only, stages }: Selection): boolean {
  const cells = cellsOfClaim(claim);
  const requirements = requirementsOfClaim(claim);
  const names = new Set([claim, ...cells.flatMap((cell) => [cell.threat, cellId(cell)]), ...requirements.map(({ id }) => id)]);
  const inStage = [...cells, ...requirements].some(({ stage }) => stages.includes(stage));
  return (only.length === 0 || only.some((name) => names.has(name))) && (stages.length === 0 || inStage);
}

/** A misspelt selection would silently measure nothing: every name must exist. */
export function checkSelection({ only, stages }: Selection): void {
  const names = [
    ...catalogue.claims.map(({ id }) => id),
    ...catalogue.threats.map(({ id }) => id),
    ...catalogue.cells.map(cellId),
    ...catalogue.requirements.map(({ id }) => id),
  ];
  for (const name of only) mustBeAmong(name, names, "--only", "a claim, a threat, a cell (threat/stage) or a requirement");
  for (const stage of stages)
    mustBeAmong(
      stage,
      catalogue.stages.map(({ id }) => id),
      "--stage",
      "a stage",
    );
}

function mustBeAmong(name: string, names: readonly string[], option: string, what: string): void {
  if (names.includes(name)) return;
  const near = nearest(name, names);
  throw new Problem("COMMAND_UNKNOWN", `${option} ${name}: there is no such ${what.replace(/^an? /, "")}`, {
    at: option,
    remedy: near === null ? `Name ${what}; \`sextant controls\` lists them.` : `Did you mean ${near}? \`sextant controls\` lists them all.`,
  });
}
