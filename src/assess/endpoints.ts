import { join } from "node:path";
import { credentialNames, type Declaration, type InspectEndpoints, type System } from "../declaration/index.ts";
import { openLedger, proxyVariables } from "../models/index.ts";
import type { Project, Worker } from "./project.ts";
import type { Workplace } from "./worker.ts";

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** The variables that a declaration's endpoints take their credentials from, and, where there is an endpoint, those that name proxies: no other reaches the child. */
export function variablesFor({ models = [], services = [] }: Declaration, environment: Environment): Environment {
  const endpoints = [...models, ...services].map(({ endpoint }) => endpoint);
  const isAsked = endpoints.some((endpoint) => typeof endpoint === "object");
  const names = [...credentialNames(endpoints), ...(isAsked ? proxyVariables : [])];
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}

interface Asking {
  readonly project: Project;
  readonly child: Worker;
  readonly place: Workplace;
  readonly environment: Environment;
  /** Whether anything is sent; else what is known must do. */
  readonly maySend: boolean;
  readonly now: () => Date;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((what: string) => void) | undefined;
}

/** Looks at endpoints from the isolated child. What was asked and answered stands in the project's state. */
export const endpointsIn = ({ project, child, place, environment, maySend, now, signal, progress }: Asking): InspectEndpoints => ({
  contact: ({ splits, ...question }) =>
    child.call(
      "lookAtEndpoint",
      { contacting: { ...question, maySend, now: now().getTime() }, splits, place },
      { signal, progress: (_done, _total, what) => progress?.(what) },
    ),
  variable: (name) => environment[name],
  ledger: (account) => join(project.folder, "queries", `${account}.db`),
});

/** The same system, with what its endpoints have been asked by now. */
export function askedByNow(system: System): System {
  const current = <T extends { readonly endpoint?: NonNullable<System["services"]>[number]["endpoint"] }>(each: T): T =>
    each.endpoint === undefined ? each : { ...each, endpoint: { ...each.endpoint, spent: spentIn(each.endpoint.ledger) } };
  return { ...system, models: system.models.map(current), services: (system.services ?? []).map(current) };
}

function spentIn(path: string): number {
  using ledger = openLedger(path);
  return ledger.spent;
}
