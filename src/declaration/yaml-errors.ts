import type { YAMLError, YAMLWarning } from "yaml";
import { type Place, Problem, printable } from "../base/index.ts";

type Words = readonly [what: string, remedy: string];

const quote = "Put texts with odd characters in double quotes.";
const indentation = "Begin each line of a mapping or list below the one before it; two spaces a level.";

/** What the parser's codes mean in words. */
const words: Readonly<Record<string, Words>> = {
  TAB_AS_INDENT: ["a tab stands where spaces must", "Indent with spaces, two a level."],
  MULTIPLE_DOCS: ["a second document begins here", "Keep one document in the file: delete the `---`."],
  BAD_INDENT: ["this line's indentation fits none of the lines above", indentation],
  BLOCK_AS_IMPLICIT_KEY: [
    "a mapping begins inside a line",
    `Begin it on a line of its own, or put a text that holds \`: \` in double quotes.`,
  ],
  BLOCK_IN_FLOW: [
    "a block stands inside brackets or braces",
    "Separate the items with commas, or begin them with `- ` on lines of their own.",
  ],
  MISSING_CHAR: ["something is missing here: a closing quotation mark, bracket or brace, a comma, or a blank after a colon", quote],
  UNEXPECTED_TOKEN: ["something stands here that does not belong", quote],
  BAD_SCALAR_START: ["a text may not begin with this character", quote],
  BAD_DQ_ESCAPE: ["a backslash in double quotes is followed by something unknown", "Use single quotes, or write `\\\\` for a backslash."],
  MULTILINE_IMPLICIT_KEY: ["a key must stand on one line", "Is there a colon missing on this line or the one above?"],
  KEY_OVER_1024_CHARS: ["a key is longer than 1,024 characters", "Shorten it."],
  NON_STRING_KEY: ["a key must be a name", "Write `name: value`; put a name with odd characters in quotes."],
  RESOURCE_EXHAUSTION: ["this is nested too deep", "No part of a declaration is: flatten it."],
};

/** A mistake in the YAML itself. */
export function syntaxProblem({ code, message }: YAMLError | YAMLWarning, place: Place): Problem {
  if (
    code === "TAG_RESOLVE_FAILED" ||
    code === "BAD_ALIAS" ||
    code === "ALIAS_PROPS" ||
    code === "MULTIPLE_ANCHORS" ||
    code === "MULTIPLE_TAGS"
  ) {
    return new Problem("DECLARATION_YAML_FEATURE", "tags, anchors and aliases are not read here", {
      ...place,
      remedy: "Write out what it stands for; put a text that begins with ! & or * in quotes.",
    });
  }
  const [what, remedy] = words[code] ?? [printable(message).slice(0, 200), quote];
  return new Problem("DECLARATION_SYNTAX", what, { ...place, remedy });
}
