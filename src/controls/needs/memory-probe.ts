/** What runs in a process of its own, so that its memory is that of one model and nothing else. */
import type { Table } from "../../data/index.ts";
import { type ModelBinding, openModel } from "../../models/index.ts";

/** The most memory that this process was seen to use, in bytes, once the model answered these rows. */
export async function peakOf({ model: binding, table }: { model: ModelBinding; table: Table }): Promise<number> {
  await using model = await openModel(binding);
  await model.predict(table);
  return process.resourceUsage().maxRSS * 1024;
}
