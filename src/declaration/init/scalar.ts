import { printable } from "../../base/index.ts";

/** A text as a YAML scalar that reads back as the same text, whatever it holds. */
export function scalar(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) && !reserved.test(text) ? text : doubleQuoted(text);
}

/** Words that some YAML reader takes for something else than a text. */
const reserved = /^(true|false|null|yes|no|on|off|y|n|none|nan|inf)$/i;

/** JSON's strings are YAML's, save for characters that YAML does not allow as they are or that a reader could not see. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\u00a0]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}

export const list = (texts: readonly string[]): string => `[${texts.map(scalar).join(", ")}]`;

/** A line, and beside it what there is to say of it. */
export function line(text: string, remark = ""): string {
  return remark === "" ? `${text}\n` : `${text}  # ${printable(remark)}\n`;
}
