import type { EndpointState } from "../../declaration/index.ts";
import { isMissing, type Missing, type Node, type Scope } from "../define.ts";

/** What an endpoint may be asked, said of what is made by asking it: `queries` at most. */
export const askingUpTo = (planned: Node | Missing, endpoint: EndpointState | undefined, queries: number): Node | Missing =>
  isMissing(planned) || planned.kind !== "derived" || endpoint === undefined || queries === 0
    ? planned
    : { ...planned, asks: { account: endpoint.account, queries } };

/** Different rows of a split that were never answered. */
export const unansweredRows = (endpoint: EndpointState | undefined, { dataset }: Scope, split: string): number =>
  endpoint === undefined || dataset === undefined ? 0 : (endpoint.unanswered[dataset.id]?.[split] ?? 0);

/** The same, of the scope's model; whatever else it answers with is not counted. */
export const askingForRows = (planned: Node | Missing, scope: Scope, split: string): Node | Missing =>
  askingUpTo(planned, scope.model?.endpoint, unansweredRows(scope.model?.endpoint, scope, split));

/** Calls before those that are timed: connections are made, and what is made once is made. */
export const warmUpOf = (calls: number): number => Math.ceil(calls / 10);

/** Queries that so many timed calls cost. */
export const callsOf = (budget: Node | Missing): number => {
  const calls = amountOf(budget);
  return calls + warmUpOf(calls);
};

/** A number that grows with the budget. */
export const amountOf = (budget: Node | Missing): number => (isMissing(budget) || budget.kind !== "budget" ? 0 : budget.value);
