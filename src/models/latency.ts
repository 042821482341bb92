import { sliceRows, type Table } from "../data/index.ts";
import type { Model } from "./model.ts";

export interface Latency {
  /** One row a call, in milliseconds. */
  readonly single: { readonly calls: number; readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number };
  /** The best of the repeats for each batch size. */
  readonly batches: readonly { readonly rows: number; readonly rowsPerSecond: number }[];
}

/**
 * How long the model takes on this machine, from columns in memory to checked answers: `calls` calls of one row each, after a tenth as many to
 * warm up, then each batch size `repeats` times.
 */
export async function measureLatency(
  model: Model,
  table: Table,
  { calls = 300, batches = [64, 1024], repeats = 5 }: { calls?: number; batches?: readonly number[]; repeats?: number } = {},
): Promise<Latency> {
  if (table.rows === 0) throw new RangeError("latency needs at least one row");
  const single = async (index: number) => timed(model, sliceRows(table, index % table.rows, 1));
  for (let index = 0; index < calls / 10; index++) await single(index);
  const times = new Float64Array(calls);
  for (let index = 0; index < calls; index++) times[index] = await single(index);
  times.sort();
  const at = (share: number) => times[Math.min(calls - 1, Math.ceil(share * calls) - 1)] ?? Number.NaN;
  const throughputs: { rows: number; rowsPerSecond: number }[] = [];
  for (const size of batches) {
    const rows = Math.min(size, table.rows);
    const part = sliceRows(table, 0, rows);
    let best = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < repeats; repeat++) best = Math.min(best, await timed(model, part));
    throughputs.push({ rows, rowsPerSecond: (1000 * rows) / best });
  }
  return { single: { calls, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }, batches: throughputs };
}

async function timed(model: Model, table: Table): Promise<number> {
  const before = performance.now();
  await model.predict(table);
  return performance.now() - before;
}
