import { nearest, Problem } from "../base/index.ts";
import { type Catalogue, catalogue, cellId, cellsOfClaim, requirementsOfClaim } from "../catalogue/index.ts";

/** Which claims a run measures: `--only` names claims, threats, cells or requirements; `--stage` names stages. */
export interface Selection {
  readonly only: readonly string[];
  readonly stages: readonly string[];
}

export const everything: Selection = { only: [], stages: [] };

/** Whether a claim is selected. */
export function isSelected(claim: string, { only, stages }: Selection, known: Catalogue = catalogue): boolean {
  const cells = cellsOfClaim(claim, known);
  const requirements = requirementsOfClaim(claim, known);
  const names = new Set([claim, ...cells.flatMap((cell) => [cell.threat, cellId(cell)]), ...requirements.map(({ id }) => id)]);
  const inStage = [...cells, ...requirements].some(({ stage }) => stages.includes(stage));
  return (only.length === 0 || only.some((name) => names.has(name))) && (stages.length === 0 || inStage);
}

const stageNames = catalogue.stages.flatMap(({ id, short, title }) => [id, short, title].map((name) => ({ id, name: name.toLowerCase() })));

/**
 * The selection with each stage by its id, whether it was named by id, title or the matrix's short word. Throws COMMAND_UNKNOWN for a name that does not
 * exist, and where nothing serves both what `--only` and what `--stage` name: it would silently measure nothing.
 */
export function checkedSelection({ only, stages }: Selection, known: Catalogue = catalogue): Selection {
  const selectable = selectableIn(known);
  for (const name of only) if (!selectable.includes(name)) throw noSuchName(name, known);
  const selection = { only, stages: stages.map(stageCalled) };
  if (known.claims.some(({ id }) => isSelected(id, selection, known))) return selection;
  throw new Problem("COMMAND_UNKNOWN", `nothing that --only names serves the stage that --stage names: ${selection.stages.join(", ")}`, {
    at: "--only and --stage",
    remedy: `Leave one of them out; \`sextant explain ${only[0]}\` says what it serves.`,
  });
}

const selectableIn = ({ claims, threats, cells, requirements }: Catalogue) => [
  ...[...claims, ...threats].map(({ id }) => id),
  ...cells.map(cellId),
  ...requirements.map(({ id }) => id),
];

function stageCalled(name: string): string {
  const found = stageNames.find((each) => each.name === name.toLowerCase());
  if (found !== undefined) return found.id;
  const near = nearest(
    name.toLowerCase(),
    stageNames.map((each) => each.name),
  );
  const meant = stageNames.find((each) => each.name === near);
  throw new Problem("COMMAND_UNKNOWN", `--stage ${name}: no stage is called that`, {
    at: "--stage",
    remedy: `${meant === undefined ? "" : `Did you mean ${meant.id}? `}The stages are ${catalogue.stages.map(({ id }) => id).join(", ")}.`,
  });
}

/** People remember the last part of an id best. */
function noSuchName(name: string, known: Catalogue): Problem {
  const lastPart = (id: string) => id.slice(id.lastIndexOf("/") + 1);
  const claims = known.claims.map(({ id }) => id);
  const lastParts = claims.filter((id) => lastPart(id) === name);
  const near =
    lastParts.length > 0
      ? lastParts.join(" or ")
      : (nearest(name, selectableIn(known)) ?? nearLastPart(name, claims.map(lastPart), claims));
  return new Problem("COMMAND_UNKNOWN", `--only ${name}: no claim, threat, cell (threat/stage) or requirement is called that`, {
    at: "--only",
    remedy: `${near === null ? "" : `Did you mean ${near}? `}\`sextant controls --all\` lists them.`,
  });
}

function nearLastPart(name: string, lastParts: readonly string[], claims: readonly string[]): string | null {
  const near = nearest(name, lastParts);
  return near === null ? null : (claims[lastParts.indexOf(near)] ?? null);
}
