import { quoted } from "../../base/index.ts";
import type { Measure } from "../measured.ts";
import type { Unasked } from "../needs/services.ts";

const joint = 0.95;

/** The confidence of one service's interval, such that those of all hold together (Bonferroni). */
export const confidenceOf = (services: number) => 1 - (1 - joint) / Math.max(1, services);

/** Names a service where there are several. */
export const nameAmong = (service: string, services: number) => (services > 1 ? `service ${quoted(service, 40)}` : "");

/** What was not asked is seen as well: a measure each. */
export const notAsked = (unasked: readonly Unasked[]): Measure[] =>
  unasked.map(({ service, why }) => ({ name: "service-not-asked", value: 1, unit: "rows", of: { service, why } }));

const order = { bad: 0, both: 1, good: 2 } as const;

/** What was found of one service. */
export interface OfService {
  readonly service: string;
  readonly side: keyof typeof order;
  /** Of that service alone. */
  readonly reason: string;
}

const mostTold = 4;

/** All services by what was found of them, the worst first, and a reason that speaks of each, those that were not asked included. */
export function together<F extends OfService>(
  found: readonly F[],
  measures: readonly Measure[],
): { readonly worst: F | undefined; readonly reason: string } {
  const sorted = found.toSorted((a, b) => order[a.side] - order[b.side]);
  const told = sorted
    .slice(0, mostTold)
    .map(({ service, reason }) => [nameAmong(service, found.length), reason].filter(Boolean).join(": "));
  const more = sorted.length > mostTold ? [`and ${sorted.length - mostTold} more services`] : [];
  const silent = measures.filter(({ name }) => name === "service-not-asked").map(({ of }) => `not asked: ${of?.why}`);
  return { worst: sorted[0], reason: [...told, ...more, ...silent].join("; ") };
}
