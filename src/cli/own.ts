import { limitsFrom, openOwnControls } from "../assess/index.ts";
import { type Catalogue, catalogue, extended } from "../catalogue/index.ts";
import type { Policy } from "../controls/index.ts";
import { readDeclaration } from "../declaration/index.ts";
import type { Context } from "./main.ts";

/** What is known in a project: the catalogue with the claims of its own controls, and those controls. */
export interface Known {
  readonly catalogue: Catalogue;
  readonly own: readonly { readonly claim: string; readonly file: string; readonly policy: Policy }[];
}

/** Of no project: the catalogue alone. Own controls say what they are, in processes of their own; nothing is measured. */
export async function knownIn(dir: string | undefined, { environment, signal }: Context): Promise<Known> {
  if (dir === undefined) return { catalogue, own: [] };
  await using opened = await openOwnControls(await readDeclaration(dir), limitsFrom(environment, "quick"), signal);
  return {
    catalogue: extended(
      catalogue,
      opened.controls.flatMap(({ addition }) => addition ?? []),
    ),
    own: opened.controls.map(({ described: { claim, policy }, file }) => ({ claim, file, policy })),
  };
}
