import { problemsOf } from "../base/index.ts";
import type { Evidence } from "../evidence/index.ts";
import type { Store } from "../store/index.ts";
import { assessmentSchema } from "./assessment-schema.ts";
import { measurementSchema } from "./measurement.ts";

/** What was indexed, and which files were not usable. */
export interface Indexed {
  readonly measurements: number;
  readonly assessments: number;
  readonly unusable: readonly string[];
}

/**
 * Makes the index say what the evidence holds, for the files alone are the truth: a run may have ended between a file and its row, and files come and go
 * by other ways (a backup, a commit). With an empty index this makes it anew.
 */
export async function indexEvidence(evidence: Evidence, store: Store): Promise<Indexed> {
  const known = await store.known();
  const there = await evidence.list();
  const files = new Set<string>(there);
  await store.forget([...known].filter((digest) => !files.has(digest)));
  let measurements = 0;
  let assessments = 0;
  const unusable: string[] = [];
  for (const digest of there) {
    if (known.has(digest)) continue;
    const statement = await evidence.get(digest).catch((error: unknown) => {
      if (problemsOf(error).length > 0) return null;
      throw error;
    });
    const measurement = measurementSchema.safeParse(statement);
    const assessment = assessmentSchema.safeParse(statement);
    if (measurement.success) {
      const { key, about, control, measuredAt } = measurement.data;
      await store.addMeasurement({ key, about, control, measuredAt, evidence: digest });
      measurements++;
    } else if (assessment.success) {
      await store.addAssessment({ evidence: digest, finishedAt: assessment.data.finishedAt });
      assessments++;
    } else unusable.push(digest);
  }
  return { measurements, assessments, unusable };
}
