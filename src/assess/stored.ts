import type { Digest, Json } from "../base/index.ts";
import type { Assessment, Result } from "./assessment.ts";
import { seenPart } from "./judge.ts";
import type { Project } from "./project.ts";
import { measuredEnding } from "./run.ts";

/** An assessment's evidence refers to its measurements by digest and repeats nothing of them: two assessments share what did not change. */
export async function storeAssessment({ evidence }: Project, assessment: Assessment): Promise<Digest> {
  const results = assessment.results.map(
    (result): Result => (result.evidence === null ? result : { ...result, measures: [], findings: [], series: [] }),
  );
  return evidence.put({ ...assessment, results } as unknown as Json);
}

/** Reads an assessment back, measurements and all; null when it is not there. */
export async function loadAssessment(project: Project, digest: Digest): Promise<Assessment | null> {
  const stored = (await project.evidence.get(digest)) as Assessment | null;
  if (stored === null) return null;
  const results = await Promise.all(stored.results.map((result) => withMeasures(project, result)));
  return { ...stored, results };
}

async function withMeasures(project: Project, result: Result): Promise<Result> {
  const ending = result.evidence === null ? null : await measuredEnding(project, result.evidence, false);
  return ending === null ? result : { ...result, ...seenPart(ending.measurement) };
}
