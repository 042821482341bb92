import type { Kept } from "../../assess/index.ts";
import { digestOf } from "../../base/index.ts";
import type { Series } from "./chart-parts.ts";

/** None are kept. */
export const nothingKept: Kept = { get: async () => null, put: async () => undefined };

/**
 * The SVG of each series: kept from before, or drawn. Where none is new, `load` is not called, and the chart library not loaded. What these series need is
 * kept for the next time. Kept pictures may be anybody's: they need the same cleaning as drawn ones.
 */
export async function picturesOf<S extends Series>(
  all: readonly S[],
  load: () => Promise<(series: S) => string>,
  kept: Kept,
): Promise<(series: S) => string> {
  if (all.length === 0) return undrawn;
  const wanted = new Map(all.map((series) => [keyOf(series), series]));
  const known = textsOf(await kept.get());
  const pictures = new Map([...wanted.keys()].flatMap((key) => (known.has(key) ? [[key, known.get(key) ?? ""] as const] : [])));
  const missing = [...wanted].filter(([key]) => !known.has(key));
  const draw = missing.length === 0 ? undrawn : await load();
  for (const [key, series] of missing) pictures.set(key, draw(series));
  if (missing.length > 0 || known.size > wanted.size) await kept.put(pictures);
  return (series) => pictures.get(keyOf(series)) ?? undrawn();
}

const keyOf = (series: Series): string => digestOf(JSON.stringify(series));

const textsOf = (kept: unknown): ReadonlyMap<string, string> =>
  kept instanceof Map && [...kept].flat().every((each) => typeof each === "string") ? kept : new Map();

const undrawn = (): never => {
  throw new Error("a series was to be drawn that was not announced");
};
