import type { Asks, Missing } from "../controls/index.ts";
import type { EndpointState, System } from "../declaration/index.ts";
import type { Store } from "../store/index.ts";
import { type Plan, stepsOf, type Task } from "./plan.ts";
import type { Project } from "./project.ts";

interface Known {
  readonly project: Project;
  readonly store: Store;
  readonly fresh: boolean;
}

/** Queries that a task would cost, by what has to be made for it. */
export interface Cost {
  readonly key: string;
  readonly asks: Asks;
}

/** What a task would ask of endpoints: nothing where it, or what it needs, is known. */
export async function costsOf(task: Task, { seed }: Plan, { project, store, fresh }: Known): Promise<Cost[]> {
  if (task.key === null || (!fresh && (await store.measurement(task.key)) !== null)) return [];
  const costs: Cost[] = [];
  for (const { key, node } of stepsOf([task], seed)) {
    if (node.asks !== undefined && (fresh || !(await project.cache.has(key)))) costs.push({ key, asks: node.asks });
  }
  return costs;
}

/** Every endpoint of the system, by the account that counts its queries; of two that share one, the smaller budget. */
export function accountsOf({ models, services = [] }: System): ReadonlyMap<string, EndpointState> {
  const states = [...models, ...services].flatMap(({ endpoint }) => endpoint ?? []);
  return new Map(states.toSorted((a, b) => b.queries - a.queries).map((state) => [state.account, state]));
}

/**
 * The plan without what the budgets of queries have no room for: that is missing before anything runs. The cheapest tasks go first, so that a budget measures
 * as many claims as it can; what several need is counted once.
 */
export async function withinBudgets(planned: Plan, system: System, isSelected: (task: Task) => boolean, known: Known): Promise<Plan> {
  const accounts = accountsOf(system);
  if (accounts.size === 0) return planned;
  const priced: { readonly task: Task; readonly costs: readonly Cost[] }[] = [];
  for (const task of planned.tasks.filter(isSelected)) priced.push({ task, costs: await costsOf(task, planned, known) });
  const total = (costs: readonly Cost[]) => costs.reduce((sum, { asks }) => sum + asks.queries, 0);
  const left = new Map([...accounts].map(([account, { queries, spent }]) => [account, Math.max(0, queries - spent)]));
  const granted = new Set<string>();
  const refused = new Map<Task, Missing>();
  for (const { task, costs } of priced.toSorted((a, b) => total(a.costs) - total(b.costs))) {
    const fresh = costs.filter(({ key }) => !granted.has(key));
    const lack = fresh.find(({ asks }) => asks.queries > (left.get(asks.account) ?? 0));
    if (lack !== undefined) {
      refused.set(task, tooFew(lack.asks, left.get(lack.asks.account) ?? 0, accounts.get(lack.asks.account)));
      continue;
    }
    for (const { key, asks } of fresh) {
      granted.add(key);
      left.set(asks.account, (left.get(asks.account) ?? 0) - asks.queries);
    }
  }
  const tasks = planned.tasks.map((task) => {
    const missing = refused.get(task);
    return missing === undefined ? task : { ...task, missing: [missing], key: null };
  });
  return { ...planned, tasks };
}

function tooFew({ queries }: Asks, left: number, state: EndpointState | undefined): Missing {
  const count = (value: number) => value.toLocaleString("en-GB");
  const whose = state === undefined ? "the endpoint" : state.host;
  return {
    missing: `this asks ${whose} up to ${count(queries)} queries, and its budget has room for ${count(left)} beside what goes before`,
    remedy: `Raise \`queries\` under \`endpoint\`, if its owner agrees: by ${count(queries - left)}, with room for attempts that fail.`,
  };
}
