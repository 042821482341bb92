import type { Assessment } from "../../assess/index.ts";
import { listed, md } from "../markdown-text.ts";
import { dayOf } from "../numbers.ts";
import { wrapped } from "../terminal.ts";
import { marks } from "../words.ts";
import { type Change, changesOf, findingsTurned, isFixed, isNewlyOpen, isNewlyUnmet, isStillUnmet, isUnshown } from "./changes.ts";

interface Section {
  readonly title: string;
  readonly lines: readonly { readonly claim: string; readonly subject: string; readonly glyph: string; readonly says: string }[];
}

/** What stands against the baseline, worst first; what only went on is one line each. */
function sectionsOf(before: Assessment, after: Assessment): readonly Section[] {
  const changes = changesOf(before, after);
  const section = (title: string, is: (change: Change) => boolean, says: (change: Change) => string): Section => ({
    title,
    lines: changes.filter(is).map((change) => ({
      claim: change.claim,
      subject: change.subject ?? "",
      glyph: change.after === null ? "–" : marks[change.after.verdict].glyph,
      says: says(change),
    })),
  });
  const reason = ({ after: line }: Change) => (line === null ? "is measured no more" : line.reason);
  return [
    section("Newly unmet", isNewlyUnmet, reason),
    section("Newly undecided or unassessed", (change) => isNewlyOpen(change), reason),
    section("Fixed", isFixed, reason),
    section("Was unmet, and cannot be told now", isUnshown, reason),
    section("Still unmet", isStillUnmet, (change) => reason(change) + findingsText(change, before, after)),
  ];
}

function findingsText(change: Change, before: Assessment, after: Assessment): string {
  const turned = findingsTurned(change, before, after);
  if (turned === null || turned.added + turned.removed === 0) return "";
  return ` (${turned.added} findings came, ${turned.removed} went)`;
}

const countsText = (sections: readonly Section[]) =>
  sections.map(({ title, lines }) => `${title.toLowerCase()} ${lines.length}`).join(" · ");

/** For the terminal: counts, then what is new, fixed or cannot be told; what is still unmet is counted alone. */
export function baselineText(before: Assessment, after: Assessment, columns: number): string {
  const sections = sectionsOf(before, after);
  const lines = sections
    .slice(0, -1)
    .flatMap(({ title, lines: found }) =>
      found.length === 0
        ? []
        : [
            `  ${title}`,
            ...found.flatMap(({ claim, subject, glyph, says }) =>
              wrapped(`${glyph} ${[claim, subject, says].filter(Boolean).join(": ")}`, columns - 4).map((line) => `    ${line}`),
            ),
          ],
    );
  return [...wrapped(`Against the baseline of ${dayOf(before.finishedAt)}: ${countsText(sections)}`, columns), ...lines, ""].join("\n");
}

const mostListed = 15;

/** For a pull request. */
export function againstBaseline(before: Assessment, after: Assessment): string[] {
  const sections = sectionsOf(before, after);
  return [
    `Against the baseline of ${md(dayOf(before.finishedAt))}: ${md(countsText(sections))}`,
    "",
    ...sections.flatMap(({ title, lines }) =>
      listed(
        title,
        lines.map(({ claim, subject, glyph, says }) => `${glyph} ${[claim, subject, says].filter(Boolean).map(md).join(": ")}`),
        mostListed,
      ),
    ),
  ];
}
