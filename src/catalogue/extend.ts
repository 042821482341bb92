import { cellId } from "./look-up.ts";
import type { Catalogue, Claim } from "./schema.ts";

/** A claim beside the catalogue's, and the cells (`threat/stage`) and requirements that it serves too. */
export interface Addition {
  readonly claim: Claim;
  readonly cells: readonly string[];
  readonly requirements: readonly string[];
}

/** The catalogue with these claims after its own. That what they name exists is `checkReferences`' matter. */
export function extended(catalogue: Catalogue, additions: readonly Addition[]): Catalogue {
  if (additions.length === 0) return catalogue;
  const serving = (list: "cells" | "requirements", id: string) =>
    additions.filter((addition) => addition[list].includes(id)).map(({ claim }) => claim.id);
  return {
    ...catalogue,
    claims: [...catalogue.claims, ...additions.map(({ claim }) => claim)],
    cells: catalogue.cells.map((cell) => ({ ...cell, claims: [...cell.claims, ...serving("cells", cellId(cell))] })),
    requirements: catalogue.requirements.map((line) => ({ ...line, claims: [...line.claims, ...serving("requirements", line.id)] })),
  };
}
