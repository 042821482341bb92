import { isolate } from "../../base/index.ts";
import type { TableSource } from "../../data/index.ts";
import { columnsOf, type ModelBinding } from "../../models/index.ts";
import { defineRecipe } from "../define.ts";
import { engineOf } from "./engine.ts";
import type * as probe from "./memory-probe.ts";

const mostRows = 1000;
const timeoutMs = 10 * 60_000;

/** How much memory a process needs that loads the model and answers up to a thousand rows: its peak resident size, the runtime's own share included. */
export const memoryRecipe = defineRecipe<{ split: TableSource; model: ModelBinding }, { readonly bytes: number }>({
  id: "memory",
  module: import.meta.url,
  async make({ split, model }, making) {
    const table = await (await engineOf(making)).read(split, columnsOf(model), { limit: mostRows });
    await using alone = isolate<typeof probe>(new URL("./memory-probe.ts", import.meta.url), {
      memoryBytes: making.memoryBytes,
      timeoutMs,
    });
    return { bytes: await alone.call("peakOf", { model, table }) };
  },
});
