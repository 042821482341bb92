import { quoted } from "../../base/index.ts";
import type { Service } from "../../declaration/index.ts";
import { defineRecipe, isMissing, type Missing, type Node, type Scope } from "../define.ts";
import { readingOf } from "./model.ts";
import { derive, value } from "./splits.ts";

/** A service that answers with the model and was not asked, with a sentence that says why. */
export interface Unasked {
  readonly service: string;
  readonly why: string;
}

/** What was found of every service that answers with a model and may be asked. */
export interface EachService<T> {
  readonly each: readonly T[];
  readonly unasked: readonly Unasked[];
}

interface EachInputs {
  readonly unasked: readonly Unasked[];
  readonly [service: `service ${number}`]: unknown;
}

export const eachServiceRecipe = defineRecipe<EachInputs, EachService<unknown>>({
  id: "each-service",
  module: import.meta.url,
  make: async ({ unasked, ...each }) => ({ each: Object.values(each), unasked }),
});

/** A service, and what it answers this dataset's rows with. */
export interface Askable {
  readonly service: Service;
  readonly node: Node;
}

const noService = (model: string): Missing => ({
  missing: `no service answers with model ${quoted(model)} at an endpoint that may be asked`,
  remedy: "Declare it under `services`: `endpoint: { url: ..., protocol: ..., queries: ... }`. An address alone is never asked.",
});

/**
 * What `plan` makes of every service that answers with the scope's model. Those for which something is missing are named as not asked; missing where nothing is
 * left.
 */
export function ofEachService({ system, model, dataset }: Scope, plan: (askable: Askable) => Node | Missing): Node | Missing {
  if (model === undefined || dataset === undefined) return { missing: "no model is declared", remedy: "Declare it under `models`." };
  const asked: Record<string, Node> = {};
  const unasked: Unasked[] = [];
  let first: Missing | null = null;
  for (const { id } of (system.declaration.services ?? []).filter((each) => each.model === model.id)) {
    const service = (system.services ?? []).find((each) => each.id === id);
    const binding = service?.bindings[dataset.id];
    if (service === undefined || binding === undefined) {
      unasked.push({ service: id, why: `service ${quoted(id)} is declared without an endpoint that may be asked` });
      continue;
    }
    const { artefact, digest } = service;
    const planned = plan({ service, node: { kind: "artefact", id: artefact, digest, reading: readingOf(binding), open: binding } });
    if (isMissing(planned)) {
      first ??= planned;
      unasked.push({ service: id, why: planned.missing });
    } else asked[`service ${unasked.length + Object.keys(asked).length}`] = planned;
  }
  if (Object.keys(asked).length === 0) return first ?? noService(model.id);
  return derive(eachServiceRecipe, { unasked: value(unasked.map(({ service, why }) => ({ service, why }))), ...asked });
}
