import type { Assessment, CellState, NextStep } from "../assess/index.ts";
import { fitted, statusStyle, type Terminal, type TextOptions, terminal, widthOf, wrapped } from "./terminal.ts";
import { type Mark, textMatrix } from "./text-matrix.ts";
import { conditionsOf, countsOf, isMeasured, marks, matrixOf, measuredOf, plural, roleOf, statuses } from "./words.ts";

export interface ReportTextOptions extends TextOptions {
  /** How many next steps to show, worst first. */
  readonly steps?: number;
}

/** The assessment for a terminal: matrix, counts, requirements, and what to do next, worst first. Ends with a newline. */
export function renderText(assessment: Assessment, { steps = 12, ...options }: ReportTextOptions): string {
  const screen = terminal(options);
  const { cells, requirements, next, results } = assessment;
  return [
    ...heading(assessment, screen),
    "",
    ...textMatrix(matrixOf(cells), (cell) => markOf(cell, screen), screen),
    "",
    ...counts(assessment, screen),
    ...wrapped("3/7: three of seven claims measured, whatever they said", screen.columns).map((line) => screen.paint("dim", line)),
    ...[...lowered(cells), ...changed(results)].flatMap((line) => wrapped(line, screen.columns)).map((line) => screen.paint("dim", line)),
    "",
    screen.paint("bold", "Requirements"),
    ...requirementLines(requirements, screen),
    "",
    ...nextLines(next, steps, screen),
    "",
  ].join("\n");
}

function heading(assessment: Assessment, { columns, paint }: Terminal): string[] {
  const conditions = conditionsOf(assessment);
  const name = fitted(assessment.system.name, columns);
  const room = columns - widthOf(name) - widthOf(conditions);
  if (room < 3) return [paint("bold", name), ...wrapped(conditions, columns).map((line) => paint("dim", line))];
  return [paint("bold", name) + " ".repeat(room) + paint("dim", conditions)];
}

/** The glyph, and how many claims are measured where not all are. */
function markOf({ status, claims }: CellState, { paint }: Terminal): Mark {
  const { measured, of } = measuredOf(claims);
  const text = status === "inapplicable" || measured === of ? marks[status].glyph : `${marks[status].glyph} ${measured}/${of}`;
  return { text, paint: (plain) => paint(statusStyle[status], plain) };
}

function counts({ cells, results }: Assessment, screen: Terminal): string[] {
  const line = (found: ReturnType<typeof countsOf>, of: string) => {
    const parts = found.map(({ status, count }) => ({
      plain: `${marks[status].glyph} ${marks[status].word} ${count}`,
      style: statusStyle[status],
    }));
    return flow([...parts, { plain: of, style: "dim" as const }], 3, screen);
  };
  const measured = results.filter(isMeasured).map(({ verdict }) => ({ status: verdict }));
  const occurring = countsOf(measured).filter(({ count }) => count > 0);
  return [...line(countsOf(cells), `of ${cells.length}`), ...line(occurring, `of ${plural(measured.length, "measurement")}`)];
}

/** Parts side by side with `gap` between them, on as many lines as they need. */
function flow(
  parts: readonly { readonly plain: string; readonly style: (typeof statusStyle)["met"] }[],
  gap: number,
  { columns, paint }: Terminal,
): string[] {
  const lines: { text: string; width: number }[] = [];
  for (const { plain, style } of parts) {
    const line = lines.at(-1);
    const width = widthOf(plain);
    if (line === undefined || line.width + gap + width > columns) lines.push({ text: paint(style, plain), width });
    else {
      line.text += " ".repeat(gap) + paint(style, plain);
      line.width += gap + width;
    }
  }
  return lines.map(({ text }) => text);
}

/** Policy may lower a cell from required to recommended, but not quietly. */
const lowered = (cells: readonly CellState[]) =>
  cells
    .filter(({ levelBecause }) => levelBecause !== undefined)
    .map(({ threat, stage, level, levelBecause }) => `${threat}/${stage} is ${level} only, by policy: ${levelBecause}`);

/** Policy may change a threshold, but not quietly. */
function changed(results: Assessment["results"]): string[] {
  const lines = results.flatMap(({ claim, policy }) =>
    policy.flatMap(({ name, value, because, own }) =>
      because === undefined
        ? []
        : [`${claim} is judged with ${name} ${value}${own === undefined ? "" : ` (its own is ${own.value})`}, by policy: ${because}`],
    ),
  );
  return [...new Set(lines)];
}

function requirementLines(requirements: Assessment["requirements"], screen: Terminal): string[] {
  const lines = statuses.flatMap((status) => {
    const ids = requirements.filter((each) => each.status === status).map(({ id, level }) => (level === "recommended" ? `${id}*` : id));
    if (ids.length === 0) return [];
    const { glyph, word } = marks[status];
    return hanging(`${glyph} ${word}`, ids.join(" "), 18, screen).map((line) => screen.paint(statusStyle[status], line));
  });
  return [...lines, screen.paint("dim", "  * recommended")];
}

/** `label` in a column of its own, `text` beside it on as many lines as it needs. */
function hanging(label: string, text: string, column: number, { columns }: Terminal): string[] {
  return wrapped(text, columns - column).map((line, at) => (at === 0 ? `  ${label}`.padEnd(column) : " ".repeat(column)) + line);
}

function nextLines(next: readonly NextStep[], most: number, screen: Terminal): string[] {
  if (next.length === 0) return [screen.paint("bold", "Next"), "  Nothing that was measured is open."];
  const shown = next.slice(0, most);
  const left = next.length - shown.length;
  const owners = [...new Set(shown.map(({ stakeholder }) => stakeholder))];
  const more = left === 0 ? [] : ["", screen.paint("dim", `  and ${plural(left, "more step")} in the report`)];
  const groups = owners.map((owner) =>
    ownerLines(
      owner,
      shown.filter(({ stakeholder }) => stakeholder === owner),
      screen,
    ),
  );
  return [screen.paint("bold", "Next"), ...groups.flatMap((lines, at) => (at === 0 ? lines : ["", ...lines])), ...more];
}

const stepColumn = 19;

function ownerLines(owner: string, steps: readonly NextStep[], { columns, paint }: Terminal): string[] {
  const room = columns - stepColumn;
  const person = steps.find((step) => step.person !== null)?.person ?? "";
  const left = [
    ...wrapped(roleOf(owner).toLowerCase(), stepColumn - 4),
    ...(person === "" ? [] : wrapped(person, stepColumn - 4).slice(0, 4)),
  ];
  const right = steps.flatMap(({ id, outcome, what, remedy }) => [
    { plain: fitted(`${marks[outcome].glyph} ${id}`, room), paint: (text: string) => paint(statusStyle[outcome], text) },
    ...[...wrapped(what, room - 2), ...(remedy === null ? [] : wrapped(`→ ${remedy}`, room - 2))].map((line) => ({
      plain: `  ${line}`,
      paint: (text: string) => text,
    })),
  ]);
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, at) => {
    const line = right[at];
    const label = `  ${left[at] ?? ""}`;
    const before = label + " ".repeat(Math.max(0, stepColumn - widthOf(label)));
    return line === undefined ? before.trimEnd() : before + line.paint(line.plain);
  });
}
