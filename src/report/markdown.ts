import type { Assessment, CellState } from "../assess/index.ts";
import { againstBaseline } from "./diff/baseline.ts";
import { exitAgainst } from "./diff/changes.ts";
import { fitting, listed, md } from "./markdown-text.ts";
import { levelsOf } from "./standing.ts";
import { conditionsOf, countsOf, marks, matrixOf, measuredOf, plural, roleOf } from "./words.ts";

export interface MarkdownOptions {
  /** What is new is told against it. */
  readonly baseline?: Assessment | undefined;
}

const mostUnmet = 20;
const mostSteps = 8;

/** A summary for a pull request: what decides, what is new, the matrix, what is unmet, what to do next. Fits GitHub's 65,536 characters. */
export function renderMarkdown(assessment: Assessment, { baseline }: MarkdownOptions = {}): string {
  const { system, cells, results, next } = assessment;
  const exit = baseline === undefined ? assessment.exit : exitAgainst(baseline, assessment);
  const levelOf = levelsOf(assessment);
  const unmet = results.filter(({ verdict }) => verdict === "unmet" || verdict === "errored");
  const counts = countsOf(cells).map(({ status, count }) => `${marks[status].glyph} ${marks[status].word} ${count}`);
  return fitting([
    `## Sextant: ${md(system.name)}`,
    "",
    `**${md(exit.why)}** (exit ${exit.code})`,
    "",
    `${counts.join(" · ")} of ${plural(cells.length, "place")}`,
    "",
    ...(baseline === undefined ? [] : againstBaseline(baseline, assessment)),
    ...matrixLines(cells),
    "",
    ...listed(
      "Unmet or errored",
      (baseline === undefined ? unmet : unmet.filter(({ verdict }) => verdict === "errored")).map(
        ({ claim, subject, verdict, reason }) =>
          `${marks[verdict].glyph} ${md(claim)} (${levelOf(claim) ?? "does not apply"}): ${md(subject)}: ${md(reason)}`,
      ),
      mostUnmet,
    ),
    ...listed(
      "Next steps",
      next.map(
        ({ stakeholder, id, outcome, what, remedy }) =>
          `${marks[outcome].glyph} ${md(roleOf(stakeholder))}: ${md(id)}: ${md(remedy ?? what)}`,
      ),
      mostSteps,
    ),
    `Measured with ${md(conditionsOf(assessment))}`,
  ]);
}

/** Threats by stages; `3/7` where three of seven claims are measured. */
function matrixLines(cells: readonly CellState[]): string[] {
  const matrix = matrixOf(cells);
  const row = (parts: readonly string[]) => `| ${parts.join(" | ")} |`;
  const heads = matrix.stages.map(({ short }) => md(short));
  return [
    row(["", ...heads]),
    row(["---", ...heads.map(() => ":-:")]),
    ...matrix.threats.map(({ id, title }) => row([md(title), ...matrix.stages.map((stage) => markOf(matrix.cell(id, stage.id)))])),
  ];
}

function markOf(cell: CellState | undefined): string {
  if (cell === undefined) return "";
  const { measured, of } = measuredOf(cell.claims);
  const { glyph } = marks[cell.status];
  return cell.status === "inapplicable" || measured === of ? glyph : `${glyph} ${measured}/${of}`;
}
