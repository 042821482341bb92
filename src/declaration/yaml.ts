import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { type Place, Problem, Problems, quoted } from "../base/index.ts";
import { syntaxProblem } from "./yaml-errors.ts";

export type Path = readonly (string | number)[];

/** A YAML text as plain values, and where each of them stands. */
export interface Tree {
  readonly value: unknown;
  /** Where the value at `path` stands: the value itself, or its key when the value begins on a later line. What is not there stands where its nearest parent does. */
  place(path: Path): Place;
  /** Where the key itself stands. */
  keyPlace(path: Path): Place;
}

/** Deeper than any declaration. */
const mostDepth = 24;
/** Beyond these a person mends the first ones first. */
const mostProblems = 20;

/**
 * Parses hostile YAML 1.2: no anchors, aliases, tags or merge keys, one document, each key once. Throws Problems with all that is wrong
 * (DECLARATION_SYNTAX, DECLARATION_YAML_FEATURE, DECLARATION_KEY_TWICE).
 */
export function parseYaml(text: string, file: string): Tree {
  const lines = new LineCounter();
  // Keys are compared below: the library compares each with each.
  const document = withoutStacks(() =>
    parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: true,
      schema: "core",
    }),
  );
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings]
    .slice(0, 200)
    .map((error) => syntaxProblem(error, at(error.pos[0])));
  const root = document.contents;
  const value = plain(root, 0, { at, problems });
  if (problems.length > 0) throw new Problems(firstOfEachLine(problems).slice(0, mostProblems));
  return {
    value,
    place: (path) => at(offsetOf(root, path)),
    keyPlace: (path) => at(keyOffset(root, path) ?? offsetOf(root, path)),
  };
}

/** The parser makes an Error of each mistake, and a hostile file has thousands: their stacks, which nobody sees, are most of the cost. */
function withoutStacks<T>(run: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const firstOfEachLine = (problems: readonly Problem[]) => {
  const sorted = problems.toSorted((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0));
  return sorted.filter(({ place }, index) => place.line !== sorted[index - 1]?.place.line);
};

interface Walk {
  at(offset: number): Place;
  readonly problems: Problem[];
}

function plain(node: Node | null, depth: number, walk: Walk): unknown {
  if (node === null) return null;
  refuseFeatures(node, walk);
  if (isScalar(node)) return node.value;
  if (depth > mostDepth) {
    walk.problems.push(
      new Problem("DECLARATION_SYNTAX", `this is nested more than ${mostDepth} deep`, {
        ...walk.at(startOf(node)),
        remedy: "No part of a declaration is: flatten it.",
      }),
    );
    return null;
  }
  if (isSeq(node)) return node.items.map((item) => plain(item as Node, depth + 1, walk));
  if (isMap(node)) return mapping(node, depth, walk);
  return null;
}

function mapping(node: YAMLMap, depth: number, walk: Walk): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  const lines = new Map<string, number | undefined>();
  for (const { key, value } of node.items as { key: Node; value: Node | null }[]) {
    const name = nameOf(key);
    const place = walk.at(startOf(key));
    const problem = name === null ? notAName(place) : keyProblem(name, place, lines);
    if (problem !== null) walk.problems.push(problem);
    refuseFeatures(key, walk);
    const inner = plain(value, depth + 1, walk);
    if (name === null || problem !== null) continue;
    lines.set(name, place.line);
    made[name] = inner;
  }
  return made;
}

function keyProblem(name: string, place: Place, lines: ReadonlyMap<string, number | undefined>): Problem | null {
  if (lines.has(name)) {
    return new Problem("DECLARATION_KEY_TWICE", `${quoted(name)} stands here a second time; the first is on line ${lines.get(name)}`, {
      ...place,
      remedy: "Delete one of them.",
    });
  }
  if (name === "<<")
    return new Problem("DECLARATION_YAML_FEATURE", "merge keys are not read here", { ...place, remedy: "Write out what it stands for." });
  if (name === "__proto__")
    return new Problem("DECLARATION_YAML_FEATURE", "no key may be called “__proto__”", { ...place, remedy: "Rename it." });
  return null;
}

const notAName = (place: Place) =>
  new Problem("DECLARATION_SYNTAX", "a key must be a name", {
    ...place,
    remedy: "Write `name: value`; put a name with odd characters in quotes.",
  });

function refuseFeatures(node: Node, { at, problems }: Walk): void {
  const refuse = (what: string) =>
    problems.push(
      new Problem("DECLARATION_YAML_FEATURE", `${what} are not read here`, {
        ...at(startOf(node)),
        remedy: "Write out what it stands for.",
      }),
    );
  if (isAlias(node)) refuse("aliases (`*name`)");
  else if (node.anchor !== undefined) refuse("anchors (`&name`)");
  if (node.tag !== undefined) refuse("tags (`!name`)");
}

const startOf = (node: Node) => node.range?.[0] ?? 0;
const nameOf = (key: unknown): string | null => (isScalar(key) && typeof key.value === "string" ? key.value : null);

const pairOf = (node: unknown, name: string | number) =>
  isMap(node) ? node.items.find(({ key }) => nameOf(key) === String(name)) : undefined;

function childOf(node: unknown, name: string | number): Node | undefined {
  if (isSeq(node)) return node.items[Number(name)] as Node | undefined;
  return (pairOf(node, name)?.value ?? undefined) as Node | undefined;
}

function offsetOf(root: Node | null, path: Path): number {
  let node = root ?? undefined;
  let offset = node === undefined ? 0 : startOf(node);
  for (const name of path) {
    const pair = pairOf(node, name);
    const child = childOf(node, name);
    if (child === undefined && pair === undefined) break;
    offset = isBelow(child) && pair !== undefined ? startOf(pair.key as Node) : startOf(child ?? (pair?.key as Node));
    node = child;
  }
  return offset;
}

/** Begins on a line of its own, below its key. */
const isBelow = (node: unknown) => node === undefined || ((isMap(node) || isSeq(node)) && node.flow !== true);

function keyOffset(root: Node | null, path: Path): number | null {
  const name = path.at(-1);
  let node = root ?? undefined;
  for (const step of path.slice(0, -1)) node = childOf(node, step);
  const pair = name === undefined ? undefined : pairOf(node, name);
  return pair === undefined ? null : startOf(pair.key as Node);
}
