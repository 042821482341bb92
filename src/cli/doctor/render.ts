import { styleText } from "node:util";
import { wrapped } from "../../report/index.ts";
import type { Terminal } from "../terminal.ts";
import type { Check } from "./check.ts";

const marks = { ok: ["✓", "green"], warning: ["!", "yellow"], cannot: ["✕", "red"] } as const;

/** For people: a line for each check, and under what is not well what it means and how to mend it. */
export function checksText(checks: readonly Check[], { colour, columns }: Pick<Terminal, "colour" | "columns">): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const indented = (text: string) => wrapped(text, columns - 4).map((line) => `    ${line}`);
  const lines = checks.flatMap(({ state, what, means, fix }) => {
    const [glyph, style] = marks[state];
    const [first = "", ...rest] = wrapped(what, columns - 4);
    const more = [means === null ? [] : indented(means), fix === null ? [] : indented(`→ ${fix}`)].flat();
    return [`  ${paint(style, glyph)} ${first}`, ...rest.map((line) => `    ${line}`), ...more];
  });
  const count = (state: Check["state"]) => checks.filter((check) => check.state === state).length;
  const [warnings, failures] = [count("warning"), count("cannot")];
  const end =
    failures > 0
      ? `${failures} of ${checks.length} cannot work, ${warnings} to look at.`
      : warnings > 0
        ? `All works; ${warnings} of ${checks.length} to look at.`
        : `All ${checks.length} are well.`;
  return [...lines, "", end].join("\n");
}
