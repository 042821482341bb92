import type { AnyControl, Budget, Need, Scope } from "../controls/index.ts";
import type { System } from "../declaration/index.ts";

export const needsOf = (control: AnyControl) => Object.entries(control.needs as Record<string, Need<unknown>>);

/** The subjects of a control: each model with each dataset it is measured on, each dataset, or the system. */
export function scopesOf(control: AnyControl, system: System, budget: Budget): Scope[] {
  const base = { system, budget };
  const per = new Set(needsOf(control).map(([, need]) => need.per));
  if (per.has("model")) {
    const pairs = system.models
      .filter(({ declared }) => declared.candidate !== true)
      .flatMap((model) =>
        system.datasets.filter(({ id }) => model.bindings[id] !== undefined).map((dataset) => ({ ...base, model, dataset })),
      );
    return pairs.length > 0 ? pairs : [onlyOf(base, system)];
  }
  if (per.has("dataset") && system.datasets.length > 0) return system.datasets.map((dataset) => ({ ...base, dataset }));
  return [base];
}

const onlyOf = (base: Scope, { models: [model], datasets: [dataset] }: System): Scope => ({
  ...base,
  ...(model === undefined ? {} : { model }),
  ...(dataset === undefined ? {} : { dataset }),
});

/** A subject in words, and the same for the same scope. */
export function subjectOf({ system, model, dataset }: Scope): string {
  if (model !== undefined) return dataset === undefined ? model.id : `${model.id} on ${dataset.id}`;
  return dataset?.id ?? system.declaration.system.name;
}
