import { z } from "zod";
import { canonicalJson, digestOf, type Json } from "../../base/index.ts";
import type { Outputs } from "./protocols/protocol.ts";

/** How many rows tell one model from another. */
const mostProbes = 8;
/** Numbers that differ by no more are the same model on another machine. */
const slack = 1e-6;

/** What an endpoint answered to a few rows, and when. */
export const probeSchema = z.object({
  place: z.string(),
  at: z.number(),
  generation: z.string(),
  outputs: z.array(z.object({ name: z.string(), holds: z.enum(["labels", "scores", "either", "other"]), width: z.number() })),
  sample: z.record(z.string(), z.array(z.unknown())),
});
export type Probe = z.infer<typeof probeSchema>;

/** Rows spread evenly over a table. */
export const pickProbes = (rows: number): Int32Array => {
  const count = Math.min(rows, mostProbes);
  return Int32Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count));
};

/** A name for what answered: of its answers, and of when they were first heard. */
export const generationOf = (sample: Outputs, now: number): string =>
  digestOf(canonicalJson([JSON.parse(JSON.stringify(sample)) as Json, now])).slice(7, 39);

/** Whether two answers are the same, but for rounding. */
export function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b || Math.abs(a - b) <= slack * Math.max(1, Math.abs(a), Math.abs(b));
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isAlike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
