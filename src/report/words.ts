import type { Assessment, CellState, ClaimState, OwnWords, Status } from "../assess/index.ts";
import { catalogue } from "../catalogue/index.ts";

/** How a status looks and reads, everywhere: shape and word carry it, colour repeats it. */
export const marks: Readonly<Record<Status, { readonly glyph: string; readonly word: string; readonly means: string }>> = {
  unmet: { glyph: "✕", word: "unmet", means: "a claim is unmet" },
  errored: { glyph: "!", word: "errored", means: "a control failed to run" },
  undecided: { glyph: "?", word: "undecided", means: "measured, can’t tell yet" },
  unassessed: { glyph: "○", word: "unassessed", means: "not all measured; says what is missing" },
  met: { glyph: "✓", word: "met", means: "every claim met" },
  inapplicable: { glyph: "–", word: "inapplicable", means: "doesn’t apply; says why" },
};

/** Worst first. */
export const statuses = ["unmet", "errored", "undecided", "unassessed", "met", "inapplicable"] as const satisfies readonly Status[];

/** How many lines have each status, worst first; an error is worth a word only when there is one. */
export const countsOf = (lines: readonly { readonly status: Status }[]): { readonly status: Status; readonly count: number }[] =>
  statuses
    .map((status) => ({ status, count: lines.filter((line) => line.status === status).length }))
    .filter(({ status, count }) => status !== "errored" || count > 0);

/** Whether a control gave an answer. */
export const isMeasured = ({ verdict }: Pick<ClaimState, "verdict">): boolean => verdict !== "errored" && verdict !== "unassessed";

/** Results with a verdict, and how many of them were kept from an earlier run: what errored or could not be measured is neither. */
export function extentOf({ results }: Pick<Assessment, "results">): { readonly measured: number; readonly kept: number } {
  const measured = results.filter(isMeasured);
  return { measured: measured.length, kept: measured.filter(({ cached }) => cached).length };
}

/** The worst that measuring has said of a cell so far; null where nothing is measured. */
export const worstMeasured = (claims: readonly ClaimState[]): Status | null =>
  statuses.find((status) => claims.some((claim) => isMeasured(claim) && claim.verdict === status)) ?? null;

export const measuredOf = (claims: readonly ClaimState[]): { readonly measured: number; readonly of: number } => ({
  measured: claims.filter(isMeasured).length,
  of: claims.length,
});

export interface Head {
  readonly id: string;
  readonly title: string;
  /** For the head of a narrow column. */
  readonly short: string;
  readonly says: string;
}

/** The matrix: the catalogue's threats and stages in its order, then those that only the cells name. */
export interface Matrix<C> {
  readonly threats: readonly Head[];
  readonly stages: readonly Head[];
  cell(threat: string, stage: string): C | undefined;
}

export function matrixOf<C extends Pick<CellState, "threat" | "stage">>(cells: readonly C[]): Matrix<C> {
  const places = new Map(cells.map((cell) => [placeKey(cell.threat, cell.stage), cell]));
  const threats = catalogue.threats.map((threat) => ({ ...threat, short: threat.title }));
  return {
    threats: completed(
      threats,
      cells.map(({ threat }) => threat),
    ),
    stages: stagesOf(cells),
    cell: (threat, stage) => places.get(placeKey(threat, stage)),
  };
}

/** The catalogue's stages in order, then those that only these lines name. */
export const stagesOf = (lines: readonly { readonly stage: string }[]): readonly Head[] =>
  completed(
    catalogue.stages,
    lines.map(({ stage }) => stage),
  );

const placeKey = (threat: string, stage: string) => JSON.stringify([threat, stage]);

function completed(known: readonly Head[], named: readonly string[]): readonly Head[] {
  const ids = new Set(known.map(({ id }) => id));
  const others = [...new Set(named)].filter((id) => !ids.has(id));
  return [...known, ...others.map((id) => ({ id, title: fromId(id), short: fromId(id), says: "" }))];
}

/** `credit-risk` as `Credit risk`: what an id says when the catalogue doesn't know it. */
const fromId = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");

/** A role in words: `data scientist`. */
export const roleOf = (id: string): string => catalogue.stakeholders.find((each) => each.id === id)?.title ?? fromId(id);

/** A claim's words: those it brings along, the catalogue's, or what its id says. */
export function claimWords({ id, words }: { readonly id: string } & OwnWords): {
  readonly title: string;
  readonly says: string;
  readonly wants: string | null;
  /** The role that answers for it. */
  readonly owner: string | null;
} {
  const claim = words ?? catalogue.claims.find((each) => each.id === id);
  return claim ?? { title: fromId(id.slice(id.indexOf("/") + 1)), says: "", wants: null, owner: null };
}

export function requirementWords(id: string): { readonly title: string; readonly says: string; readonly why: string | null } {
  const requirement = catalogue.requirements.find((each) => each.id === id);
  return requirement === undefined ? { title: id, says: "", why: null } : { ...requirement, why: null };
}

/** `quick budget · seed 7`: under what conditions it was measured. */
export function conditionsOf({ catalogue: { name }, budget, seed, results }: Assessment): string {
  const others = results.filter((result) => result.budget !== null && result.budget !== budget);
  const kept =
    others.length === 0 ? "" : ` (${others.length} kept from ${[...new Set(others.map((result) => result.budget))].join(" and ")})`;
  return `${name} · ${budget} budget${kept} · seed ${seed}`;
}

export const plural = (count: number, noun: string): string => `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;
