import type { Finding } from "../controls/index.ts";
import { placeOfRow } from "../data/index.ts";
import type { Assessment } from "./assessment.ts";

/** Findings in a table of several files say which file, and which row of it: nobody counts through all of them. */
export function withPlaces(assessment: Assessment): Assessment {
  const tables = new Map(assessment.artefacts.flatMap(({ id, files }) => (files === undefined ? [] : [[id, files] as const])));
  if (tables.size === 0) return assessment;
  const placed = (finding: Finding): Finding => {
    const files = tables.get(finding.artefact);
    const found = files === undefined || finding.row === undefined ? null : placeOfRow({ files }, finding.row);
    return found === null || finding.place !== undefined ? finding : { ...finding, place: `${found.file}, its row ${found.row}` };
  };
  return { ...assessment, results: assessment.results.map((result) => ({ ...result, findings: result.findings.map(placed) })) };
}
