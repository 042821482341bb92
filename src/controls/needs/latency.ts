import type { TableSource } from "../../data/index.ts";
import { columnsOf, type Model, type ModelBinding, measureLatency, measureLoad, openModel } from "../../models/index.ts";
import { defineRecipe, type Need } from "../define.ts";
import { askingUpTo, callsOf, warmUpOf } from "./endpoint.ts";
import { engineOf } from "./engine.ts";
import { modelNode } from "./model.ts";
import { derive, splitNode } from "./splits.ts";

/** How long single answers took, on the machine and at the time of measuring. */
export interface Latencies {
  /** Milliseconds of each call of one row, in order, after a warm-up. */
  readonly timesMs: Float64Array;
  readonly batches: readonly { readonly rows: number; readonly rowsPerSecond: number }[];
}

const mostRows = 2000;

/** The one recipe whose output is not determined by its inputs: it reads a clock. What was measured once is kept until the model or the code changes. */
export const latencyRecipe = defineRecipe<{ split: TableSource; model: ModelBinding; calls: number }, Latencies>({
  id: "latency",
  module: import.meta.url,
  async make({ split, model: binding, calls }, making) {
    const table = await (await engineOf(making)).read(split, columnsOf(binding), { limit: mostRows });
    if (binding.kind === "endpoint") {
      const asked = { calls, warmUp: warmUpOf(calls), perSecond: null, inFlight: 1 };
      const { timesMs } = await measureLoad(binding, table, asked, { waiting: (what) => making.progress(0, calls, what) });
      return { timesMs, batches: [] };
    }
    await using model = await openModel(binding);
    const timesMs: number[] = [];
    const { batches } = await measureLatency(recording(model, timesMs), table, { calls, batches: [64, 1024] });
    return { timesMs: Float64Array.from(timesMs.slice(-calls)), batches };
  },
});

/** Notes how long each answer of one row takes. */
const recording = (model: Model, timesMs: number[]): Model => ({
  async predict(table, options) {
    const before = performance.now();
    const answers = await model.predict(table, options);
    if (table.rows === 1) timesMs.push(performance.now() - before);
    return answers;
  },
  [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
});

/** The times of `calls` answers to one row each. */
export const latencies = (calls: Need<number>): Need<Latencies> => ({
  per: "model",
  plan(scope) {
    const budget = calls.plan(scope);
    const planned = derive(latencyRecipe, { model: modelNode(scope, "newRows"), split: splitNode(scope.dataset, "test"), calls: budget });
    return askingUpTo(planned, scope.model?.endpoint, callsOf(budget));
  },
  view: (seen) => seen as Latencies,
});
