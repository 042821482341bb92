import { styleText } from "node:util";
import type { Status } from "../assess/index.ts";
import { printable } from "../base/index.ts";

/** How a terminal shows things. No line is longer than `columns` (at least 40). */
export interface TextOptions {
  readonly colour: boolean;
  readonly columns?: number;
}

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  readonly columns: number;
  paint(style: Style, text: string): string;
}

export const terminal = ({ colour, columns = 100 }: TextOptions): Terminal => ({
  columns: Math.max(40, Math.floor(columns)),
  paint: (style, text) => (colour && text !== "" ? styleText(style, text, { validateStream: false }) : text),
});

export const statusStyle: Readonly<Record<Status, Style>> = {
  unmet: ["red", "bold"],
  errored: ["magenta", "bold"],
  undecided: "yellow",
  unassessed: "dim",
  met: "green",
  inapplicable: "dim",
};

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Scripts and pictures that a terminal draws two columns wide. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
const letters = (text: string) => Array.from(graphemes.segment(text), ({ segment }) => segment);
const letterWidth = (letter: string) => (wide.test(letter) ? 2 : 1);

/** Columns that printable text takes. */
export const widthOf = (text: string): number =>
  /^[ -~]*$/.test(text) ? text.length : letters(text).reduce((sum, letter) => sum + letterWidth(letter), 0);

/** Made printable, on one line, and cut to `width` columns with an ellipsis. */
export function fitted(text: string, width: number): string {
  const safe = oneLine(text);
  return widthOf(safe) <= width ? safe : `${head(safe, width - 1)}…`;
}

export const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

export function centred(text: string, width: number): string {
  const before = Math.max(0, Math.floor((width - widthOf(text)) / 2));
  return padded(" ".repeat(before) + text, width);
}

/** Longer texts than this many characters are cut: they come from hostile names. */
const longest = 1200;

/** Lines of at most `width` columns, broken between words where there are any. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of fitted(text, longest).split(" ")) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (widthOf(line) > width) {
      const part = head(line, width);
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

/** As many letters as fit; never none, so that breaking ends. */
function head(text: string, width: number): string {
  let used = 0;
  let part = "";
  for (const letter of letters(text.slice(0, width * 16))) {
    used += letterWidth(letter);
    if (used > width && part !== "") break;
    part += letter;
  }
  return part;
}

/** Made printable, with every run of blanks as one. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, " ").trim());
