import { oneLine } from "./terminal.ts";

/** GitHub refuses a comment of more than 65,536 characters. */
const mostCharacters = 65_000;
const longest = 400;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Text from outside as Markdown that shows it and does nothing else: no markup, no HTML, no link. An invisible word joiner breaks what GitHub and GitLab read as the
 * name of a person, an issue or an address: a name in somebody's data calls nobody.
 */
export function md(text: string): string {
  const safe = oneLine(text).toWellFormed();
  const cut = safe.length <= longest ? safe : `${safe.slice(0, longest - 1).toWellFormed()}…`;
  return cut
    .replace(/([@#!$%~^:])(?=[\p{L}\p{N}"/_-])/gu, "$1\u2060")
    .replace(/\b(www|GH)(?=[.-])/gi, "$1\u2060")
    .replace(/[\\`*_[\]|~$#]/g, "\\$&")
    .replace(/[&<>]/g, (char) => entities[char] ?? char);
}

/** A heading with a list of at most so many lines; nothing where there is none. */
export function listed(title: string, lines: readonly string[], most: number): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > most ? [`- and ${lines.length - most} more in the report`] : [];
  return [`### ${title}`, "", ...lines.slice(0, most).map((line) => `- ${line}`), ...more, ""];
}

/** As many whole lines as fit, with a word where some did not. Ends with a newline. */
export function fitting(lines: readonly string[]): string {
  let text = "";
  for (const line of lines) {
    if (text.length + line.length > mostCharacters) return `${text}\n_Cut: the whole is in the report._\n`;
    text += `${line}\n`;
  }
  return text;
}
