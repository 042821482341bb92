/** More than this many texts in braces are no pattern that a person writes. */
const mostAlternatives = 256;

/** Whether a path with forward slashes is one that a pattern stands for. */
export type Pattern = (path: string) => boolean;

/**
 * A pattern of paths: `*` and `?` within a name, `[a-z]` and `[!a-z]` for a character, `{a,b}` for either, `**` for folders however deep, and at the end for all that is in them. Matching takes at most
 * the product of both lengths, whatever the pattern: it comes from outside. Null where its braces stand for too many texts, or for texts in texts.
 */
export function patternOf(text: string): Pattern | null {
  const alternatives = withoutBraces(text);
  if (alternatives === null) return null;
  const all = alternatives.map((each) =>
    each
      .replace(/(^|\/)\*\*$/, "$1**/*")
      .split("/")
      .map(partsOf),
  );
  return (path) => {
    const names = path.split("/").map((name) => Array.from(name));
    return all.some((folders) => matches(folders, names, isAnyFolders, (parts, name) => matches(parts, name, isAny, fits)));
  };
}

function withoutBraces(text: string): string[] | null {
  let made = [""];
  for (const [part, inside] of text.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (part === "{" || part === "}") return null;
    const either = inside === undefined ? [part] : inside.split(",");
    if (made.length * either.length > mostAlternatives) return null;
    made = made.flatMap((before) => either.map((each) => before + each));
  }
  return made;
}

/** A name's parts: `*`, `?`, a set of characters or a character. */
const partsOf = (name: string): string[] => name.match(/\*+|\[[^\]]+\]|[\s\S]/gu) ?? [];

const isAny = (part: string) => part.startsWith("*");
const isAnyFolders = (parts: readonly string[]) => parts.length === 1 && parts[0] === "**";

function fits(part: string, character: string): boolean {
  if (part === "?" || part === character) return true;
  if (part.length < 3 || !part.startsWith("[")) return false;
  const isOther = /^\[[!^]./.test(part);
  const ranges = part.slice(isOther ? 2 : 1, -1).matchAll(/([\s\S])-([\s\S])|([\s\S])/gu);
  const isIn = ranges.some(([, from = "", to = "", alone]) =>
    alone === undefined ? from <= character && character <= to : alone === character,
  );
  return isIn !== isOther;
}

/** Whether parts, of which some stand for any number of items, fit all items: where it fails, the last of those takes one item more. */
function matches<P, I>(
  parts: readonly P[],
  items: readonly I[],
  isAny: (part: P) => boolean,
  fits: (part: P, item: I) => boolean,
): boolean {
  let [at, taken] = [0, 0];
  let [any, from] = [-1, 0];
  while (taken < items.length) {
    const part = parts[at];
    if (part !== undefined && isAny(part)) [any, from] = [at++, taken];
    else if (part !== undefined && fits(part, items[taken] as I)) [at, taken] = [at + 1, taken + 1];
    else if (any >= 0) [at, taken] = [any + 1, ++from];
    else return false;
  }
  return parts.slice(at).every(isAny);
}
