import type { Assessment, Result } from "../assess/index.ts";
import { levelsOf } from "./standing.ts";
import { oneLine } from "./terminal.ts";

type Finding = Result["findings"][number];

const columns = ["claim", "subject", "verdict", "level", "artefact", "file", "row", "column", "place", "probability", "reason"];

/** The findings as a table (RFC 4180): a line for each; `row` counts the rows of the data from 0. Lines end in CR LF. */
export function renderCsv(assessment: Assessment): string {
  const levelOf = levelsOf(assessment);
  const files = new Map(assessment.artefacts.map(({ id, path }) => [id, path]));
  const lines = assessment.results.flatMap((result) =>
    result.findings.map((finding) => lineOf(result, finding, levelOf(result.claim), files.get(finding.artefact))),
  );
  return [columns.join(","), ...lines, ""].join("\r\n");
}

function lineOf({ claim, subject, verdict }: Result, finding: Finding, level: string | null, file: string | undefined): string {
  const { artefact, row, column, place, probability, reason } = finding;
  return [claim, subject, verdict, level, artefact, file, row, column, place, probability, reason].map(field).join(",");
}

/** A number stays one. Every text is quoted, and one that a spreadsheet would run begins with an apostrophe, which makes it text there. */
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = oneLine(value);
  return `"${(/^[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
