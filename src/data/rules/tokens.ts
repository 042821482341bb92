import { type Place, Problem, quoted } from "../../base/index.ts";

export interface Token {
  readonly kind: "number" | "name" | "text" | "sign" | "end";
  /** A name and a text without their marks. */
  readonly value: string;
  /** From 1. */
  readonly at: number;
}

/** No rule that a person reads is longer. */
const mostCharacters = 1000;

const patterns: readonly (readonly [kind: Token["kind"], pattern: RegExp])[] = [
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["name", /[\p{L}_][\p{L}\p{N}_.]*/uy],
  ["name", /`[^`]+`/y],
  ["text", /"[^"]*"|'[^']*'/y],
  ["sign", /<=|>=|==|!=|[-+*/^()<>=]/y],
];
const blanks = /\s*/y;

/** The words and signs of a rule, and an end. Throws RULE_INVALID. */
export function tokensOf(rule: string, place: Place): readonly Token[] {
  if (rule.length > mostCharacters) throw invalid(`a rule has ${mostCharacters} characters at most; this has ${rule.length}`, place);
  const tokens: Token[] = [];
  for (let from = skipBlanks(rule, 0); from < rule.length; ) {
    const token = tokenAt(rule, from, place);
    tokens.push(token.token);
    from = skipBlanks(rule, token.end);
  }
  return [...tokens, { kind: "end", value: "the end", at: rule.length + 1 }];
}

function skipBlanks(rule: string, from: number): number {
  blanks.lastIndex = from;
  blanks.test(rule);
  return blanks.lastIndex;
}

function tokenAt(rule: string, from: number, place: Place): { readonly token: Token; readonly end: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = from;
    const found = pattern.exec(rule)?.[0];
    if (found === undefined) continue;
    const hasMarks = kind === "text" || found.startsWith("`");
    return { token: { kind, value: hasMarks ? found.slice(1, -1) : found, at: from + 1 }, end: from + found.length };
  }
  const [odd = ""] = rule.slice(from);
  throw invalid(
    `${quoted(odd)} at character ${from + 1} of rule ${quoted(rule, 80)} means nothing${"`\"'".includes(odd) ? " without a second one" : ""}`,
    place,
  );
}

export const invalid = (
  what: string,
  place: Place,
  remedy = "Write a rule like `instalment <= 0.5 * income`; a column of an odd name stands in backticks.",
) => new Problem("RULE_INVALID", what, { ...place, remedy });
