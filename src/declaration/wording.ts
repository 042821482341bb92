import type { z } from "zod";
import { quoted } from "../base/index.ts";
import type { Path } from "./yaml.ts";

export type Issue = z.core.$ZodIssue;

/** The first way in which a value breaks its schema, as half a sentence: which part, what is wanted, what stands there. */
export function wrongPart({ issues }: { readonly issues: readonly Issue[] }, value: unknown, whole: string): string {
  const [first] = issues.slice(0, 1).flatMap((issue) => unfolded(issue, []));
  if (first === undefined) return `${whole} is not what is wanted`;
  const { issue, path } = first;
  const name = nameOf(path, whole);
  if (issue.code === "unrecognized_keys") return `${name}: nothing is called ${quoted(issue.keys[0] ?? "", 40)} here`;
  if (issue.code === "custom") return `${name}: ${issue.message}`;
  const found = valueAt(value, path);
  return found === undefined
    ? `${name} is missing: ${expectation(issue)} is wanted`
    : `${name}: expected ${expectation(issue)}; this is ${described(found)}`;
}

interface Found {
  readonly issue: Issue;
  readonly path: Path;
}

/** A union's own issues, when one of its branches was clearly meant: the one whose kind of value was written. */
export function unfolded(issue: Issue, above: Path): Found[] {
  const path = [...above, ...issue.path.filter((part) => typeof part !== "symbol")];
  if (issue.code !== "invalid_union") return [{ issue, path }];
  const meant = issue.errors.find((branch) => branch.length > 0 && branch.every((inner) => !isOfOtherKind(inner)));
  return meant === undefined ? [{ issue, path }] : meant.flatMap((inner) => unfolded(inner, path));
}

const isOfOtherKind = (issue: Issue) => issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");

/** `measures[0].value`, or what the whole is called. */
export const nameOf = (path: Path, whole = "the file") =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? shown(part) : `${text}.${shown(part)}`),
    "",
  ) || whole;
export const shown = (key: string) => (/^[\w-]+$/.test(key) ? key : quoted(key, 40));

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping (`key: value`)",
  record: "a mapping (`key: value`)",
};

/** What the schema wants, in words. */
export function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, "at most", issue.maximum);
    default:
      return issue.message;
  }
}

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === "string") return limit === 1 ? "a text that is not empty" : `a text of ${how} ${limit} characters`;
  if (origin === "array") return `a list of ${how} ${limit}`;
  return `a number of ${how} ${limit}`;
}

/** What was written, in words. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "function") return "a function";
  if (typeof value === "string") return value === "" ? "the empty text" : `the text ${quoted(value.replace(/\/\/[^/@\s]*@/, "//...@"))}`;
  return Number.isFinite(value) ? `the number ${value}` : String(value);
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, part) =>
      typeof here === "object" && here !== null && Object.hasOwn(here, part) ? (here as Record<string | number, unknown>)[part] : undefined,
    value,
  );
}
