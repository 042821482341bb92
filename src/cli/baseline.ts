import { type Assessment, readAssessment } from "../assess/index.ts";
import { Problem, quoted } from "../base/index.ts";
import type { Read } from "../declaration/index.ts";

/** Reads an earlier assessment of the same system. Throws ASSESSMENT_FILE_INVALID, or ASSESSMENT_FOREIGN where it is of another one. */
export async function readBaseline(file: string, { declaration }: Read): Promise<Assessment> {
  const baseline = await readAssessment(file);
  const { name } = declaration.system;
  if (baseline.system.name === name) return baseline;
  throw new Problem("ASSESSMENT_FOREIGN", `this is an assessment of ${quoted(baseline.system.name)}, not of ${quoted(name)}`, {
    file,
    remedy: "Name this system's own, or write a new one: `sextant report --format json -o FILE`.",
  });
}
