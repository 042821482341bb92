import { z } from "zod";
import { nearest, Problem, type ProblemCode, quoted } from "../base/index.ts";
import { described, expectation, type Issue, nameOf, shown, unfolded, valueAt } from "./wording.ts";
import type { Path, Tree } from "./yaml.ts";

/** Beyond these a person mends the first ones first; a hostile file could have thousands. */
export const mostProblems = 50;

/** The ways in which a value breaks the schema, each as a Problem at its line and column. */
export function mistakesOf(issues: readonly Issue[], schema: z.ZodType, tree: Tree): Problem[] {
  return issues
    .slice(0, mostProblems)
    .flatMap((issue) => unfolded(issue, []))
    .flatMap(({ issue, path }) => problemsOfIssue(issue, path, schema, tree));
}

function problemsOfIssue(issue: Issue, path: Path, schema: z.ZodType, tree: Tree): Problem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.slice(0, mostProblems).map((key) => unknownKey(key, path, schema, tree));
  const value = valueAt(tree.value, path);
  if (value === undefined && issue.code !== "custom") return [missingKey(path, schema, tree)];
  const expected = expectation(issue);
  const code: ProblemCode = "DECLARATION_VALUE";
  return [
    new Problem(
      code,
      `${nameOf(path)}: expected ${expected}; this is ${isSecret(path) ? "something that is not repeated here" : described(value)}`,
      {
        ...tree.place(path),
        remedy: remedyFor(issue, value),
      },
    ),
  ];
}

/** Where credentials are declared: what was written there by mistake must not stand in logs as well. */
const isSecret = (path: Path) => path.includes("endpoint") && ["bearer", "basic", "headers"].some((key) => path.includes(key));

function missingKey(path: Path, schema: z.ZodType, tree: Tree): Problem {
  const key = String(path.at(-1));
  const parent = path.length > 1 ? nameOf(path.slice(0, -1)) : "the declaration";
  const [wanted] = schemasAt(schema, path);
  const value = wanted instanceof z.ZodLiteral ? String(wanted.value) : "...";
  return new Problem("DECLARATION_KEY_MISSING", `${parent} has no ${shown(key)}`, {
    ...tree.place(path.slice(0, -1)),
    remedy: [`Add it: \`${key}: ${value}\`.`, wanted?.description ?? ""].join(" ").trim(),
  });
}

function unknownKey(key: string, path: Path, schema: z.ZodType, tree: Tree): Problem {
  const known = keysAt(schema, path);
  const near = nearest(key, known);
  const where = path.length === 0 ? "" : ` in ${nameOf(path)}`;
  return new Problem("DECLARATION_KEY_UNKNOWN", `there is no ${quoted(key)}${where}`, {
    ...tree.keyPlace([...path, key]),
    remedy: near === null ? (misplaced(key, schema) ?? `Known here: ${known.join(", ")}.`) : `Did you mean ${near}?`,
  });
}

/** A key that is known elsewhere was probably indented too far, or not far enough. */
function misplaced(key: string, schema: z.ZodType): string | null {
  const [home] = homesOf(key, schema, "the file");
  return home === undefined ? null : `It belongs in ${home}: check how far it is indented.`;
}

function homesOf(key: string, schema: z.ZodType, where: string): string[] {
  return alternatives(schema).flatMap((each) => {
    if (each instanceof z.ZodArray) return homesOf(key, each.element as z.ZodType, `an item of ${where}`);
    if (!(each instanceof z.ZodObject)) return [];
    const here = Object.hasOwn(each.shape, key) ? [where] : [];
    return [...here, ...Object.entries(each.shape).flatMap(([name, inside]) => homesOf(key, inside as z.ZodType, name))];
  });
}

/** The keys that the schema knows at a path. */
const keysAt = (schema: z.ZodType, path: Path): string[] =>
  schemasAt(schema, path).flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : []));

/** What the schema says of a path: several where it allows several kinds of value. */
function schemasAt(schema: z.ZodType, path: Path): z.ZodType[] {
  let here = alternatives(schema);
  for (const part of path) here = here.flatMap((each) => inner(each, part)).flatMap(alternatives);
  return here;
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional) return alternatives(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodUnion ? schema.options.flatMap((option) => alternatives(option as z.ZodType)) : [schema];
}

function inner(schema: z.ZodType, part: string | number): z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, part)) return [];
  return [schema.shape[part] as z.ZodType];
}

function remedyFor(issue: Issue, value: unknown): string {
  if (value === null) return "Write a value, or delete the line.";
  if (issue.code === "invalid_value") {
    const near = typeof value === "string" ? nearest(value, issue.values.map(String)) : null;
    return near === null ? "Write what is expected." : `Did you mean ${near}?`;
  }
  if (issue.code !== "invalid_type") return "Correct it.";
  if (issue.expected === "string" && (typeof value === "number" || typeof value === "boolean")) return `Put it in quotes: \`"${value}"\`.`;
  if (issue.expected === "boolean") return "Write true or false, without quotes.";
  if (issue.expected === "array" && typeof value === "string") return "Write it as a list: `[...]`.";
  return "Correct it.";
}
