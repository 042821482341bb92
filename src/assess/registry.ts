import { isDeepStrictEqual } from "node:util";
import type { Digest } from "../base/index.ts";
import { type Catalogue, catalogue, extended } from "../catalogue/index.ts";
import { type AnyControl, artefactNodes, type Budget, controls, type Missing, type Node, recipes, type Scope } from "../controls/index.ts";
import type { System } from "../declaration/index.ts";
import { codeDigest } from "./code.ts";
import { asControl, type OwnControl } from "./own/index.ts";
import { scopesOf, subjectOf } from "./scopes.ts";

/** A control with the hash of its code; `own` where it is the project's, which runs in a process of its own. */
export interface Registered {
  readonly control: AnyControl;
  code(): Digest;
  readonly own: OwnControl | null;
}

/** What a system is measured by: Sextant's controls and the project's own, and the catalogue with the claims that those bring. */
export interface Registry {
  readonly catalogue: Catalogue;
  readonly entries: readonly Registered[];
}

export const builtIn: Registry = {
  catalogue,
  entries: controls.map(({ control, module }) => ({ control, code: () => codeDigest(module), own: null })),
};

/** The registry before anything is planned: enough to check names and policies. */
export function registryWith(own: readonly OwnControl[]): Registry {
  const notYet = () => {
    throw new Error("its needs were not planned yet");
  };
  return {
    catalogue: extended(
      catalogue,
      own.flatMap(({ addition }) => addition ?? []),
    ),
    entries: [...builtIn.entries, ...own.map((each) => ({ control: asControl(each, notYet), code: () => each.code, own: each }))],
  };
}

/** The registry with what each of the project's own controls needs of this system. */
export async function plannedRegistry({ catalogue: known, entries }: Registry, system: System, budget: Budget): Promise<Registry> {
  const allowed = artefactNodes(system);
  const planned = entries.map(async (entry): Promise<Registered> => {
    if (entry.own === null) return entry;
    const scopes = scopesOf(entry.control, system, budget);
    const needs = await entry.own.plan(scopes);
    const bySubject = new Map(scopes.map((scope, at) => [subjectOf(scope), needs[at] ?? {}]));
    const nodeOf = (name: string, scope: Scope) => checkedNode(bySubject.get(subjectOf(scope))?.[name], allowed);
    return { ...entry, control: asControl(entry.own, nodeOf) };
  });
  return { catalogue: known, entries: await Promise.all(planned) };
}

/** What a stranger's code planned may name declared artefacts, as they are declared, and recipes there are; nothing else is opened. */
function checkedNode(planned: unknown, allowed: readonly Node[]): Node | Missing {
  if (typeof planned !== "object" || planned === null)
    return { missing: "the control did not say what it needs", remedy: "Report it to whoever wrote the control." };
  if ("missing" in planned) return { missing: String(planned.missing), remedy: "remedy" in planned ? String(planned.remedy) : "" };
  if (isAllowed(planned, allowed, { nodes: mostNodes })) return planned;
  return { missing: "the control needs something that is not declared", remedy: "Have it use the needs that `sextant-ai` exports." };
}

/** More than any plan of ours holds, each counted as often as it is named: one that names itself has no end. */
const mostNodes = 2000;

function isAllowed(node: unknown, allowed: readonly Node[], left: { nodes: number }): node is Node {
  if (typeof node !== "object" || node === null || !("kind" in node) || left.nodes-- <= 0) return false;
  if (node.kind === "artefact") return allowed.some((each) => isDeepStrictEqual(each, node));
  if (node.kind !== "derived") return node.kind === "value" || node.kind === "budget" || node.kind === "random";
  if (!("recipe" in node && "inputs" in node) || typeof node.inputs !== "object" || node.inputs === null) return false;
  return Object.hasOwn(recipes, String(node.recipe)) && Object.values(node.inputs).every((input) => isAllowed(input, allowed, left));
}
