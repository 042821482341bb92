import { fitting, listed, md } from "../markdown-text.ts";
import { type TextOptions, terminal, wrapped } from "../terminal.ts";
import type { Difference } from "./difference.ts";
import { headOf, sectionsOf } from "./sections.ts";

const mostLines = 40;
const nothing = "Nothing differs.";

/** The difference for a terminal. Ends with a newline. */
export function renderDifference(difference: Difference, options: TextOptions): string {
  const { columns, paint } = terminal(options);
  const sections = sectionsOf(difference);
  const lines = sections.flatMap(({ title, lines: found }) => [
    "",
    paint("bold", title),
    ...found.slice(0, mostLines).flatMap((line) => wrapped(line, columns - 2).map((part) => `  ${part}`)),
    ...(found.length > mostLines ? [paint("dim", `  and ${found.length - mostLines} more: --format json has all`)] : []),
  ]);
  return [...wrapped(headOf(difference), columns), ...(sections.length === 0 ? ["", nothing] : lines), ""].join("\n");
}

/** The difference for a pull request. Fits GitHub's 65,536 characters. */
export function renderDifferenceMarkdown(difference: Difference): string {
  const sections = sectionsOf(difference);
  const lines = sections.flatMap(({ title, lines: found }) => listed(title, found.map(md), mostLines));
  return fitting([`## ${md(headOf(difference))}`, "", ...(sections.length === 0 ? [nothing] : lines)]);
}
