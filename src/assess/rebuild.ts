import { problemsOf } from "../base/index.ts";
import type { Evidence } from "../evidence/index.ts";
import type { Store } from "../store/index.ts";
import { measurementSchema } from "./measurement.ts";

/** What a rebuild found: how much was indexed, and which files were not usable. */
export interface Rebuilt {
  readonly measurements: number;
  readonly assessments: number;
  readonly unusable: readonly string[];
}

/** Fills an empty index from the evidence: the files alone are the truth. */
export async function rebuildIndex(evidence: Evidence, store: Store): Promise<Rebuilt> {
  let measurements = 0;
  let assessments = 0;
  const unusable: string[] = [];
  for (const digest of await evidence.list()) {
    const statement = await evidence.get(digest).catch((error: unknown) => {
      if (problemsOf(error).length > 0 || error instanceof SyntaxError) return null;
      throw error;
    });
    const measurement = measurementSchema.safeParse(statement);
    const finishedAt = assessedAt(statement);
    if (measurement.success) {
      const { key, about, control, measuredAt } = measurement.data;
      await store.addMeasurement({ key, about, control, measuredAt, evidence: digest });
      measurements++;
    } else if (finishedAt !== null) {
      await store.addAssessment({ evidence: digest, finishedAt });
      assessments++;
    } else unusable.push(digest);
  }
  return { measurements, assessments, unusable };
}

function assessedAt(statement: unknown): string | null {
  if (typeof statement !== "object" || statement === null) return null;
  const { schema, finishedAt } = statement as { schema?: unknown; finishedAt?: unknown };
  return schema === "sextant/assessment@1" && typeof finishedAt === "string" ? finishedAt : null;
}
