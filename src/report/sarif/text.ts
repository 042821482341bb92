import { oneLine } from "../terminal.ts";

const longest = 4000;

/**
 * Text for a SARIF message: braces doubled, since single ones are placeholders (3.11.5), and no bracket before a parenthesis, since that is a link (3.11.6): names
 * from the data make neither.
 */
export function said(text: string): string {
  const safe = oneLine(text);
  const cut = safe.length <= longest ? safe : `${safe.slice(0, longest)}…`;
  return cut.toWellFormed().replaceAll("](", "] (").replaceAll("{", "{{").replaceAll("}", "}}");
}

/** Lists in SARIF hold nothing twice. */
export const distinct = <T>(list: readonly T[]): T[] => [...new Map(list.map((each) => [JSON.stringify(each), each])).values()];
