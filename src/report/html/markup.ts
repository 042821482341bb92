import { printable } from "../../base/index.ts";

/** Text that is HTML already: only `html` and `trusted` make it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | null | readonly Part[];

/** A template whose values are escaped, unless they are markup themselves: safe in text and in quoted attributes, of HTML and of SVG. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: strings.map((text, at) => text + (at < values.length ? rendered(values[at] ?? null) : "")).join("") };
}

/** Markup that holds nothing from outside, or that was checked elsewhere. */
export const trusted = (markup: string): Markup => ({ markup });

function rendered(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(rendered).join("");
}

/** Longer texts come from hostile names. */
const longest = 1000;
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

/** On one line, with invisible and direction-changing characters made visible, and cut when very long. */
export function shown(text: string, most = longest): string {
  const safe = printable(
    text
      .slice(0, longest * 4)
      .replace(/\s+/g, " ")
      .trim(),
  );
  return safe.length <= most && text.length <= longest * 4 ? safe : `${safe.slice(0, most - 1)}…`;
}

const escaped = (text: string) => shown(text).replace(/[&<>"'`]/g, (letter) => entities[letter] ?? "");

/** Text where `code` in backticks is set as code, as our sentences write commands and keys. */
export function prose(text: string): Markup {
  const parts = shown(text).split("`");
  const paired = parts.length % 2 === 1;
  return html`${parts.map((part, at) => (paired && at % 2 === 1 ? html`<code>${spaced(part)}</code>` : spaced(part)))}`;
}

/** Parts keep their outer blanks, which `html` would trim. */
const spaced = (part: string): Markup => {
  const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(part) ?? [];
  return { markup: before + escaped(inner) + after };
};

/** An id for a place on the page: different names give different ids, and only harmless letters stay. */
export const anchor = (kind: string, name: string): string =>
  `${kind}-${name.slice(0, 200).replace(/[^a-z0-9-]/gi, (letter) => (letter === "/" ? "." : `_${letter.charCodeAt(0).toString(16)}`))}`;
