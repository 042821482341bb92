import { z } from "zod";
import { claimSchema } from "../../catalogue/index.ts";
import { budgets, type Verdict } from "../../controls/index.ts";
import { wrongPart } from "../../declaration/index.ts";
import { measureSchema, unit } from "../measurement.ts";
import { invalid } from "./shape.ts";

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

/** What does not keep to the form, in one line. */
export function mustBe<T>(schema: z.ZodType<T>, value: unknown, file: string, whose: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(file, `${whose} does not keep to its form: ${wrongPart(parsed.error, value, "the whole")}`);
}
