import { quoted } from "../../base/index.ts";
import type { TableSource } from "../../data/index.ts";
import { columnsOf, type EndpointBinding, measureLoad, openModel } from "../../models/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { askingUpTo, callsOf, unansweredRows, warmUpOf } from "./endpoint.ts";
import { engineOf } from "./engine.ts";
import { type Predictions, predictions } from "./predictions.ts";
import { type EachService, ofEachService } from "./services.ts";
import { derive, splitNode, value } from "./splits.ts";

/** What a service answers on the test split, beside what the tested model answers. */
export interface Served {
  readonly service: string;
  /** The split's artefact: rows are named in it. */
  readonly artefact: string;
  readonly classes: readonly string[];
  /** Indices into classes, per row. */
  readonly tested: Int32Array;
  readonly served: Int32Array;
  /** The largest difference of a class's scores, per row; null where one of both gives labels alone. */
  readonly apart: Float64Array | null;
}

interface ServedInputs {
  readonly split: TableSource;
  readonly artefact: string;
  readonly service: EndpointBinding;
  readonly name: string;
  readonly tested: Predictions;
}

export const servedRecipe = defineRecipe<ServedInputs, Served>({
  id: "served",
  module: import.meta.url,
  async make({ split, artefact, service, name, tested }, making) {
    const table = await (await engineOf(making)).read(split, columnsOf(service));
    await using model = await openModel(service);
    const { labels, probabilities } = await model.predict(table, { progress: making.progress });
    const apart =
      probabilities === null || tested.probabilities === null
        ? null
        : differences(probabilities, tested.probabilities, tested.classes.length);
    return { service: name, artefact, classes: tested.classes, tested: tested.answers, served: labels, apart };
  },
});

/** Both [rows, k], in the same order of classes. */
function differences(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const most = new Float64Array(a.length / k);
  for (let at = 0; at < a.length; at++) {
    const row = Math.floor(at / k);
    most[row] = Math.max(most[row] ?? 0, Math.abs((a[at] ?? 0) - (b[at] ?? 0)));
  }
  return most;
}

/** What every service that may be asked answers on the test split, beside the tested model. */
export const servedBeside = (): Need<EachService<Served>> => ({
  per: "model",
  plan: (scope) =>
    ofEachService(scope, ({ service, node }) => {
      const planned = derive(servedRecipe, {
        split: splitNode(scope.dataset, "test"),
        artefact: value(scope.dataset?.splits.test?.artefact ?? ""),
        service: node,
        name: value(service.id),
        tested: predictions({ split: "test" }).plan(scope),
      });
      return askingUpTo(planned, service.endpoint, unansweredRows(service.endpoint, scope, "test"));
    }),
  view: (seen) => seen as EachService<Served>,
});

/** How long a service's answers took at its declared load. */
export interface ServedTimes {
  readonly service: string;
  readonly timesMs: Float64Array;
  readonly failed: number;
  readonly firstFailure: string | null;
  /** As declared, and as it was answered. */
  readonly perSecond: number;
  readonly answeredPerSecond: number;
}

interface ServedTimesInputs {
  readonly split: TableSource;
  readonly service: EndpointBinding;
  readonly name: string;
  readonly load: { readonly perSecond: number; readonly inFlight: number };
  readonly calls: number;
}

/** Rows that the requests are taken from, in turn. */
const mostRows = 2000;
const mostInFlight = 64;

/** Not determined by its inputs: it reads a clock, on the machine that asks. What was measured once is kept until the endpoint or the code changes. */
export const servedTimesRecipe = defineRecipe<ServedTimesInputs, ServedTimes>({
  id: "served-times",
  module: import.meta.url,
  async make({ split, service, name, load, calls }, making) {
    const table = await (await engineOf(making)).read(split, columnsOf(service), { limit: mostRows });
    const asked = { calls, warmUp: warmUpOf(calls), ...load };
    const found = await measureLoad(service, table, asked, { waiting: (what) => making.progress(0, asked.calls, what) });
    const { timesMs, failed, firstFailure, perSecond } = found;
    return { service: name, timesMs, failed, firstFailure, perSecond: load.perSecond, answeredPerSecond: perSecond };
  },
});

/** The times of `calls` requests of one row each, at the load that each service declares. */
export const servedTimes = (calls: Need<number>): Need<EachService<ServedTimes>> => ({
  per: "model",
  plan: (scope) =>
    ofEachService(scope, ({ service, node }) => {
      const { load } = service.declared;
      if (load === undefined)
        return {
          missing: `service ${quoted(service.id)} declares no load`,
          remedy: "Say what it must bear: `load: { perSecond: 20 }` under the service.",
        };
      const budget = calls.plan(scope);
      const planned = derive(servedTimesRecipe, {
        split: splitNode(scope.dataset, "test"),
        service: node,
        name: value(service.id),
        load: value({ perSecond: load.perSecond, inFlight: load.inFlight ?? mostInFlight }),
        calls: budget,
      });
      return askingUpTo(planned, service.endpoint, callsOf(budget));
    }),
  view: (seen) => seen as EachService<ServedTimes>,
});
