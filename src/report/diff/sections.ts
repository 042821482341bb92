import type { Outcome } from "../../assess/index.ts";
import { amounts, count, dayOf, subjectOf } from "../numbers.ts";
import { marks } from "../words.ts";
import type { Difference, Moved } from "./difference.ts";

/** One heading with its lines, as text and Markdown both show it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The difference in words: what it means first, then what may have caused it. */
export function sectionsOf(difference: Difference): readonly Section[] {
  const { verdicts, findings, cells, requirements, measures, artefacts, policy, conditions } = difference;
  const worse = verdicts.filter((each) => each.worse);
  const others = verdicts.filter((each) => !each.worse);
  const statuses = (lines: Difference["cells"]) => lines.map(({ id, before, after }) => `${id}: ${turn(before, after)}`);
  const said = ({ claim, subject, before, after, reason }: Difference["verdicts"][number]) =>
    `${[claim, subject].filter(Boolean).join(": ")}: ${turn(before, after)}${reason ? `: ${reason}` : ""}`;
  return [
    { title: "Worse", lines: worse.map(said) },
    { title: "Better, or otherwise", lines: others.map(said) },
    {
      title: "Findings",
      lines: findings.map(
        ({ claim, subject, added, removed }) => `${claim}: ${subject ?? ""}: ${count(added)} came, ${count(removed)} went`,
      ),
    },
    { title: "Cells", lines: statuses(cells) },
    { title: "Requirements", lines: statuses(requirements) },
    { title: "Measures whose intervals lie apart", lines: measures.filter(({ apart }) => apart === true).map(movedText) },
    { title: "Counts and other exact measures", lines: measures.filter(({ apart }) => apart === null).map(movedText) },
    {
      title: "Measures whose intervals overlap: chance may be all of it",
      lines: measures.filter(({ apart }) => apart === false).map(movedText),
    },
    {
      title: "Artefacts",
      lines: artefacts.map(({ id, before, after }) => `${id}: ${before === null ? "new" : after === null ? "gone" : "changed"}`),
    },
    { title: "Policy", lines: policy.map(({ id, before, after }) => `${id}: ${before ?? "none"} → ${after ?? "none"}`) },
    { title: "Conditions", lines: conditions.map(({ name, before, after }) => `${name}: ${before} → ${after}`) },
  ].filter(({ lines }) => lines.length > 0);
}

/** `Credit scoring, 1 November 2026 → 23 November 2026`. */
export function headOf({ systems, finishedAt, exit }: Difference): string {
  const names = systems.before === systems.after ? String(systems.after) : `${systems.before} → ${systems.after} (two systems)`;
  const days = `${dayOf(finishedAt.before ?? "")} → ${dayOf(finishedAt.after ?? "")}`;
  return `${names}, ${days}, exit ${exit.before} → ${exit.after}`;
}

const turn = (before: Outcome | null, after: Outcome | null) => `${word(before)} → ${word(after)}`;
const word = (outcome: Outcome | null) => (outcome === null ? "not there" : `${marks[outcome].glyph} ${marks[outcome].word}`);

function movedText({ claim, subject, before, after }: Moved): string {
  const both = [before, after].map((measure) => {
    const { value, interval } = amounts(measure);
    return interval === null ? value : `${value} (${interval})`;
  });
  const about = subjectOf(after);
  return `${claim}: ${subject}: ${after.name}${about === after.name.replaceAll("-", " ") ? "" : ` (${about})`}: ${both.join(" → ")}`;
}
