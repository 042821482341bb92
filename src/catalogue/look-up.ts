import { catalogue } from "./catalogue.ts";
import type { Catalogue, Cell, Claim, Requirement } from "./schema.ts";

/** `<threat>/<stage>`: how people and policies name a cell. */
export const cellId = ({ threat, stage }: Pick<Cell, "threat" | "stage">): string => `${threat}/${stage}`;

/** Null when no claim has that id. */
export const claimById = (id: string, { claims }: Pick<Catalogue, "claims"> = catalogue): Claim | null =>
  claims.find((claim) => claim.id === id) ?? null;

/** The cells that list the claim, in the catalogue's order. */
export const cellsOfClaim = (id: string, { cells }: Pick<Catalogue, "cells"> = catalogue): readonly Cell[] =>
  cells.filter((cell) => cell.claims.includes(id));

/** The requirements that list the claim, in the catalogue's order. */
export const requirementsOfClaim = (id: string, { requirements }: Pick<Catalogue, "requirements"> = catalogue): readonly Requirement[] =>
  requirements.filter((requirement) => requirement.claims.includes(id));
