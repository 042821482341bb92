import { type Engine, openEngine } from "../../data/index.ts";
import type { Making } from "../define.ts";

let shared: Promise<Engine> | undefined;

/** One engine for all recipes of a child: opening one costs more than most queries. */
export function engineOf({ memoryBytes, spillFolder }: Making): Promise<Engine> {
  shared ??= openEngine({ memoryBytes: Math.floor(memoryBytes / 3), spillFolder }).catch((error: unknown) => {
    shared = undefined; // the next recipe tries again
    throw error;
  });
  return shared;
}
