import { columnsOf } from "../models/index.ts";
import type { Looked } from "./found.ts";
import type { Resolving } from "./inspect.ts";
import { findEndpoint, type Taking } from "./resolve-endpoint.ts";
import type { ServiceDeclaration } from "./schema.ts";
import type { Model, Service } from "./system.ts";

/** The services whose endpoints may be asked, with what was found of them: each is put the datasets that its model is measured on. */
export async function resolveServices(
  declared: readonly ServiceDeclaration[],
  models: readonly Model[],
  datasets: readonly Looked[],
  resolving: Resolving,
): Promise<Service[]> {
  const services: Service[] = [];
  for (const [at, service] of declared.entries()) {
    const model = models.find(({ id }) => id === service.model);
    if (model === undefined || typeof service.endpoint !== "object") continue;
    const measured = datasets.filter(({ dataset }) => model.bindings[dataset.id] !== undefined);
    const path = ["services", at];
    const taking = takingOf(service, model);
    const found = await findEndpoint(service.endpoint, taking, { at: [...path, "endpoint"], taking: path }, measured, resolving);
    if (found === null) continue;
    const { digest, state, bindings } = found;
    services.push({
      id: service.id,
      declared: service,
      artefact: `service:${service.id}`,
      model: model.id,
      digest,
      endpoint: state,
      bindings,
    });
  }
  return services;
}

/** A service whose protocol describes its inputs takes them as the model does; one that takes columns by name takes the model's columns, uncoded. */
function takingOf(service: ServiceDeclaration, { declared, bindings }: Model): Taking {
  const [binding] = Object.values(bindings);
  const isDescribed = typeof service.endpoint === "object" && /^(open-inference|tf-serving)$/.test(service.endpoint.protocol);
  const columns = binding === undefined ? [] : columnsOf(binding);
  return {
    id: service.id,
    inputs: service.inputs ?? (isDescribed ? declared.inputs : undefined),
    features: service.features ?? declared.features ?? [...columns],
    encode: isDescribed ? declared.encode : undefined,
    classes: binding === undefined ? declared.classes : [...binding.classes],
    output: service.output,
  };
}
