/**
 * Text from outside, made safe to print: control characters (terminal escapes among them), bidirectional overrides and
 * other invisible characters become visible `\u{...}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A short form for messages: printable, and cut in the middle when long. */
export function quoted(text: string, most = 80): string {
  const safe = printable(text);
  return safe.length <= most ? `“${safe}”` : `“${safe.slice(0, most - 12)} … ${safe.slice(-8)}”`;
}
