import type { Assessment, CellState, Result } from "../../assess/index.ts";
import { matrixOf, stagesOf } from "../words.ts";
import { anchor } from "./markup.ts";

/** Where on the page things stand. A claim that was looked at is drawn once, and linked from every other place that lists it. */
export interface Homes {
  /** The results of a claim; empty when no control looked at it. */
  results(claim: string): readonly Result[];
  /** The threats in whose cells the claim counts, as the filters name them. */
  threats(claim: string): readonly string[];
  /** Whether this is the place where the claim stands in full. */
  isHome(claim: string, place: string): boolean;
}

export const cellAnchor = ({ threat, stage }: Pick<CellState, "threat" | "stage">): string => anchor("cell", `${threat}/${stage}`);
export const requirementAnchor = (id: string): string => anchor("requirement", id);
export const claimAnchor = (id: string): string => anchor("claim", id);
/** A threat among the filters: an overlay's own may have any letters. */
export const threatKey = (id: string): string => anchor("threat", id);
export const stageAnchor = (id: string): string => anchor("stage", id);

/** The first cell that applies is a claim's home, else a requirement, else a cell that doesn't apply. */
export function homesOf({ results, cells, requirements }: Assessment): Homes {
  const byClaim = Map.groupBy(results, ({ claim }) => claim);
  const matrix = matrixOf(cells);
  const inOrder = matrix.stages.flatMap(({ id: stage }) => matrix.threats.flatMap(({ id: threat }) => matrix.cell(threat, stage) ?? []));
  const lines = stagesOf([...cells, ...requirements]).flatMap(({ id }) => requirements.filter(({ stage }) => stage === id));
  const places = [
    ...inOrder.filter(({ applies }) => applies).map((cell) => ({ place: cellAnchor(cell), claims: cell.claims })),
    ...lines.map(({ id, claims }) => ({ place: requirementAnchor(id), claims })),
    ...inOrder.filter(({ applies }) => !applies).map((cell) => ({ place: cellAnchor(cell), claims: cell.claims })),
  ];
  const homes = new Map<string, string>();
  for (const { place, claims } of places) for (const { id } of claims) if (!homes.has(id)) homes.set(id, place);
  const threats = Map.groupBy(
    inOrder.flatMap(({ threat, claims }) => claims.map(({ id }) => ({ id, threat: threatKey(threat) }))),
    ({ id }) => id,
  );
  return {
    results: (claim) => byClaim.get(claim) ?? [],
    threats: (claim) => [...new Set(threats.get(claim)?.map(({ threat }) => threat))],
    isHome: (claim, place) => homes.get(claim) === place,
  };
}
