import * as z from "zod";
import { isDigest, type Json, type ProblemData } from "../base/index.ts";
import { budgets, type Measured } from "../controls/index.ts";

const mostPoints = 10_000;
const mostCurves = 40;
export const unit = z.enum(["share", "points", "ratio", "ms", "bytes", "rows", "score", "nats"]);

/** Zod's numbers are finite. */
export const finite = z.number();
const measureFields = z.object({
  name: z.string(),
  value: finite,
  unit,
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
const numbers = z.array(finite).max(mostPoints);
const names = z.array(z.string()).max(mostPoints);
const curveFields = z.object({ name: z.string(), values: numbers, low: numbers.optional(), high: numbers.optional() });
const seriesFields = z.object({
  name: z.string(),
  kind: z.enum(["line", "bars", "points", "matrix"]),
  x: z.object({ label: z.string(), unit: unit.optional(), values: z.array(z.union([finite, z.string()])).max(mostPoints) }),
  y: z.object({ label: z.string(), unit: unit.optional(), values: numbers, name: z.string().optional() }),
  low: numbers.optional(),
  high: numbers.optional(),
  reference: numbers.optional(),
  others: z.array(curveFields).max(mostCurves).optional(),
  labels: names.optional(),
  front: z.array(z.number().int().nonnegative()).max(mostPoints).optional(),
  rows: z.object({ label: z.string(), unit: unit.optional(), values: names }).optional(),
});
type SeriesFields = z.infer<typeof seriesFields>;

/** A curve has one value for each place; a matrix one for each place of each row. */
const oneLength = ({ x, y, low, high, reference, labels, others = [], rows }: SeriesFields) => {
  const cells = x.values.length * (rows?.values.length ?? 1);
  const ofCells = [y.values, low, high, reference];
  const ofPlaces = [labels, ...others.flatMap((curve) => [curve.values, curve.low, curve.high])];
  return (
    ofCells.every((each) => each === undefined || each.length === cells) &&
    ofPlaces.every((each) => each === undefined || each.length === x.values.length)
  );
};

/** What only one kind knows what to do with belongs to that kind. */
const ownParts = ({ kind, rows, others, labels, front }: SeriesFields) =>
  (kind === "matrix") === (rows !== undefined) &&
  (kind === "line" || others === undefined) &&
  (kind === "points" || (labels ?? front) === undefined);

export const seriesSchema = seriesFields
  .refine(oneLength, "its lists must be of one length")
  .refine(ownParts, "rows belong to a matrix and no matrix is without; others to a line; labels and front to points")
  .refine(({ x, front = [] }) => front.every((place) => place < x.values.length), "its front must name places that exist");

/** Pictures of one measurement, and the longest of them in base64. */
const mostPictures = 24;
const longestPng = 2 ** 18 * (4 / 3);
/** The eight bytes that every PNG begins with. */
const pngBegins = "iVBORw0KGg";
const says = z.string().max(300);
const pictureSchema = z.object({ says, png: z.base64().startsWith(pngBegins).max(longestPng) });

/** What a control may hand over: finite numbers and bounded lists, nothing else. */
export const measuredSchema: z.ZodType<Measured> = z.object({
  measures: z.array(measureSchema).max(10_000),
  findings: z.array(findingSchema).max(10_000).optional(),
  findingsTotal: z.number().int().optional(),
  series: z.array(seriesSchema).max(100).optional(),
  pictures: z.array(pictureSchema).max(mostPictures).optional(),
}) as z.ZodType<Measured>;

/** A picture that lies beside the evidence: what it shows, and the digest of the PNG file. */
export const attachedSchema = z.object({ says, digest: z.string().refine(isDigest, "must be a digest") });

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
  /** Pictures that lie beside the evidence, by their content. */
  pictures: z.array(attachedSchema).max(mostPictures).optional(),
});

export type Attached = z.infer<typeof attachedSchema>;
export type Measurement = z.infer<typeof measurementSchema>;

export const asJson = (measurement: Measurement): Json => measurement as unknown as Json;

/** How one task ended. */
export type Ending =
  | { readonly kind: "measured"; readonly measurement: Measurement; readonly evidence: string; readonly fresh: boolean }
  | { readonly kind: "errored"; readonly problems: readonly ProblemData[]; readonly fault: string | null; readonly milliseconds: number }
  | { readonly kind: "missing"; readonly reason: string; readonly remedy: string | null };
