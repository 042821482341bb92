import * as z from "zod";
import type { Json, ProblemData } from "../base/index.ts";
import { budgets, type Measured } from "../controls/index.ts";

const mostPoints = 10_000;

/** Zod's numbers are finite. */
export const finite = z.number();
const measureFields = z.object({
  name: z.string(),
  value: finite,
  unit: z.enum(["share", "points", "ratio", "ms", "bytes", "rows", "score", "nats"]),
  low: finite.optional(),
  high: finite.optional(),
  confidence: finite.optional(),
  population: z.string().optional(),
  baseline: finite.optional(),
  n: finite.optional(),
  queries: finite.optional(),
  seed: finite.optional(),
  of: z.record(z.string(), z.union([z.string(), finite])).optional(),
});
/** What speaks of a population has an interval and says whose it is; a census has neither. */
export const measureSchema = measureFields
  .refine(({ low, high, population }) => (low ?? high) === undefined || population !== undefined, "an interval must name its population")
  .refine(({ low, high, population }) => population === undefined || (low ?? high) !== undefined, "a population needs an interval")
  .refine(({ low, high }) => low === undefined || high === undefined || low <= high, "an interval must not end before it begins");

export const findingSchema = z.object({
  artefact: z.string(),
  row: z.number().int().optional(),
  column: z.string().optional(),
  place: z.string().optional(),
  probability: finite.optional(),
  reason: z.string(),
});
const seriesFields = z.object({
  name: z.string(),
  kind: z.enum(["line", "bars", "points"]),
  x: z.object({ label: z.string(), values: z.array(z.union([finite, z.string()])).max(mostPoints) }),
  y: z.object({ label: z.string(), values: z.array(finite).max(mostPoints) }),
  low: z.array(finite).max(mostPoints).optional(),
  high: z.array(finite).max(mostPoints).optional(),
  reference: z.array(finite).max(mostPoints).optional(),
});

/** A curve has one value for each place. */
export const seriesSchema = seriesFields.refine(
  ({ x, y, low, high, reference }) =>
    [y.values, low, high, reference].every((each) => each === undefined || each.length === x.values.length),
  "its lists must be of one length",
);

/** What a control may hand over: finite numbers and bounded lists, nothing else. */
export const measuredSchema: z.ZodType<Measured> = z.object({
  measures: z.array(measureSchema).max(10_000),
  findings: z.array(findingSchema).max(10_000).optional(),
  findingsTotal: z.number().int().optional(),
  series: z.array(seriesSchema).max(100).optional(),
}) as z.ZodType<Measured>;

/** One measurement as evidence: what was seen, of exactly what, how, and when. */
export const measurementSchema = z.object({
  schema: z.literal("sextant/measurement@1"),
  key: z.string(),
  about: z.string(),
  control: z.string(),
  subject: z.string(),
  artefacts: z.array(z.object({ id: z.string(), digest: z.string() })),
  seed: z.number().nullable(),
  budget: z.enum(budgets).nullable(),
  tool: z.object({ name: z.string(), version: z.string() }),
  environment: z.record(z.string(), z.string()),
  measuredAt: z.iso.datetime(),
  milliseconds: z.number(),
  measured: measuredSchema,
});

export type Measurement = z.infer<typeof measurementSchema>;

export const asJson = (measurement: Measurement): Json => measurement as unknown as Json;

/** How one task ended. */
export type Ending =
  | { readonly kind: "measured"; readonly measurement: Measurement; readonly evidence: string; readonly fresh: boolean }
  | { readonly kind: "errored"; readonly problems: readonly ProblemData[]; readonly fault: string | null; readonly milliseconds: number }
  | { readonly kind: "missing"; readonly reason: string; readonly remedy: string | null };
