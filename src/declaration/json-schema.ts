import { z } from "zod";
import { declarationSchema } from "./schema.ts";

/** The JSON Schema of sextant.yaml, for editors: it completes keys and shows what each means. */
export function declarationJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(declarationSchema, { io: "input" });
  return { $schema, title: "sextant.yaml", ...schema };
}
