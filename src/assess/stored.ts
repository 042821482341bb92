import { type Digest, isDigest, type Json } from "../base/index.ts";
import type { Assessment, Result } from "./assessment.ts";
import { assessmentSchema } from "./assessment-schema.ts";
import { seenPart } from "./judge.ts";
import { type Measurement, measurementSchema } from "./measurement.ts";
import { withPlaces } from "./placed.ts";
import { openProject, type Project } from "./project.ts";

/** An assessment's evidence refers to its measurements by digest and repeats nothing of them: two assessments share what did not change. */
export async function storeAssessment({ evidence }: Project, assessment: Assessment): Promise<Digest> {
  const results = assessment.results.map(
    (result): Result => (result.evidence === null ? result : { ...result, measures: [], findings: [], series: [], pictures: [] }),
  );
  return evidence.put({ ...assessment, results } as unknown as Json);
}

/** Reads an assessment back, measurements and all; null when it is not there or of another shape. */
export async function loadAssessment(project: Project, evidence: string): Promise<Assessment | null> {
  const stored = assessmentSchema.safeParse(await statementOf(project, evidence));
  if (!stored.success) return null;
  const results = await Promise.all(stored.data.results.map((result) => withMeasures(project, result)));
  return withPlaces({ ...stored.data, results });
}

/** The file of a project's evidence that has this digest; null where it is gone or is another. */
export const attachmentsIn = (root: string) => {
  const { evidence } = openProject(root);
  return (digest: Digest): Promise<Buffer | null> => evidence.attached(digest);
};

/** Reads a measurement back; null when it is not there or of another shape. */
export async function loadMeasurement(project: Project, evidence: string): Promise<Measurement | null> {
  const stored = measurementSchema.safeParse(await statementOf(project, evidence));
  return stored.success ? stored.data : null;
}

/** The index may hold any text: only a digest becomes a path. */
const statementOf = async ({ evidence }: Project, digest: string) => (isDigest(digest) ? evidence.get(digest) : null);

async function withMeasures(project: Project, result: Result): Promise<Result> {
  const measurement = result.evidence === null ? null : await loadMeasurement(project, result.evidence);
  return measurement === null ? result : { ...result, ...seenPart(measurement) };
}
