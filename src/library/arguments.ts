import { z } from "zod";
import { Problem } from "../base/index.ts";
import { budgets } from "../controls/index.ts";
import { wrongPart } from "../declaration/index.ts";
import { reportFormats } from "../report/index.ts";

const texts = z.array(z.string()).optional();
const options = z.strictObject({
  budget: z.enum(budgets).optional(),
  seed: z.int().min(0).optional(),
  only: texts,
  stages: texts,
  fresh: z.boolean().optional(),
  signal: z.custom((value) => value instanceof AbortSignal, "an AbortSignal is wanted").optional(),
  on: z.custom((value) => typeof value === "function", "a function is wanted").optional(),
});

const wanted = {
  folder: z.string().min(1),
  options,
  format: z.enum(Object.keys(reportFormats)),
  assessment: z.object({ results: z.array(z.unknown()), cells: z.array(z.unknown()) }),
};

/** Types hold for those who check them; plain JavaScript can give anything. Throws ARGUMENT_INVALID. */
export function checkArguments(given: { readonly [name in keyof typeof wanted]?: unknown }): void {
  for (const [name, value] of Object.entries(given)) {
    const parsed = wanted[name as keyof typeof wanted].safeParse(value);
    if (parsed.success) continue;
    throw new Problem("ARGUMENT_INVALID", `this function was given what it cannot take: ${wrongPart(parsed.error, value, name)}`, {
      remedy: "The documentation of the API says what each function takes.",
    });
  }
}
