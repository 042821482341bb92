import { z } from "zod";
import { type Digest, Problem } from "../../base/index.ts";
import { claimSchema } from "../../catalogue/index.ts";
import { budgets, type Verdict } from "../../controls/index.ts";
import { wrongPart } from "../../declaration/index.ts";
import { measureSchema, unit } from "../measurement.ts";

/** What `sextant-ai` is to a control: what controls are written with, and nothing that assesses. */
export const authoring = new URL(`../../controls/authoring${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`, import.meta.url);

/** A file with a control of a project's own, as it was read and trusted. */
export interface OwnSource {
  /** As the declaration names it. */
  readonly file: string;
  readonly text: string;
  readonly digest: Digest;
  readonly isTypeScript: boolean;
}

const number = z.strictObject({
  kind: z.literal("number"),
  value: z.number(),
  source: z.string().min(1).max(500),
  unit: unit.exactOptional(),
});
const per = z.enum(["system", "dataset", "model"]);

/** What a control of a project's own says of itself. It crosses from a process that runs its code, so it is checked. */
export const describedSchema = z.strictObject({
  claim: claimSchema.unwrap().shape.id,
  about: z
    .strictObject({
      title: claimSchema.unwrap().shape.title,
      says: claimSchema.unwrap().shape.says,
      wants: claimSchema.unwrap().shape.wants,
      owner: claimSchema.unwrap().shape.owner,
      cells: z.array(z.string()).max(100),
      requirements: z.array(z.string()).max(100).optional(),
    })
    .optional(),
  needs: z.record(z.string().max(100), z.strictObject({ per })),
  policy: z.record(z.string().max(100), number),
  metFrom: z.enum(budgets).optional(),
});
export type Described = z.infer<typeof describedSchema>;

const text = z.string().max(2000);
/** A verdict that such a control gave. */
export const verdictSchema = z.strictObject({
  verdict: z.enum(["met", "unmet", "undecided", "inapplicable"]),
  reason: text,
  remedy: text.optional(),
  decisive: z
    .array(z.strictObject({ measure: measureSchema, limit: z.number(), better: z.enum(["low", "high"]) }))
    .max(1000)
    .optional(),
}) as unknown as z.ZodType<Verdict>;

export const invalid = (
  file: string,
  what: string,
  remedy = "`defineControl` and its types say what a control holds: see the API documentation.",
) => new Problem("CONTROL_INVALID", what, { file, remedy });

/** What does not keep to the form, in one line. */
export function mustBe<T>(schema: z.ZodType<T>, value: unknown, file: string, whose: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(file, `${whose} does not keep to its form: ${wrongPart(parsed.error, value, "the whole")}`);
}
