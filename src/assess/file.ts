import { NotPlainFile, Problem, readPlainFile } from "../base/index.ts";
import type { Assessment } from "./assessment.ts";
import { assessmentSchema } from "./assessment-schema.ts";

/** More than any assessment with all its findings. */
const mostBytes = 256 * 2 ** 20;

/**
 * Reads an assessment that `assess --format json` or `report --format json` wrote. Throws ASSESSMENT_FILE_INVALID where the file is missing, something else,
 * or holds no assessment.
 */
export async function readAssessment(file: string): Promise<Assessment> {
  const bytes = await readPlainFile(file, mostBytes).catch((error: unknown) => {
    throw error instanceof NotPlainFile ? invalid(file, `this is a link, no plain file, or larger than ${mostBytes / 2 ** 20} MiB`) : error;
  });
  if (bytes === null) throw invalid(file, "there is no such file");
  const document = parsed(bytes.toString("utf8").replace(/^\u{feff}/u, ""));
  if (document === undefined) throw invalid(file, "this is no JSON");
  const { schema } = (document ?? {}) as { schema?: unknown };
  if (schema !== "sextant/assessment@1") throw invalid(file, "this is JSON, but no assessment of Sextant (sextant/assessment@1)");
  const read = assessmentSchema.safeParse(document);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(file, `this is no whole assessment: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalid = (file: string, what: string) =>
  new Problem("ASSESSMENT_FILE_INVALID", what, { file, remedy: "Name a file that `sextant report --format json -o FILE` wrote." });
