import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { declarationJsonSchema } from "./json-schema.ts";

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const schema = declarationJsonSchema() as Node;

test("the committed schema is the one that the code makes", () => {
  expect(JSON.parse(read("schema/sextant.schema.json"))).toEqual(schema);
});

/** Every property of the schema, with its path. */
function properties(node: Node, path: string): [string, Node][] {
  const inner = [node.items, ...(node.anyOf ?? []), typeof node.additionalProperties === "object" ? node.additionalProperties : undefined];
  return [
    ...Object.entries(node.properties ?? {}).flatMap(([name, each]): [string, Node][] => [
      [`${path}.${name}`, each],
      ...properties(each, `${path}.${name}`),
    ]),
    ...inner.flatMap((each) => (each === undefined ? [] : properties(each, path))),
  ];
}

test("every key has a description, which editors show", () => {
  const without = properties(schema, "").filter(([, { description }]) => description === undefined);
  expect(without.map(([path]) => path)).toEqual([]);
});

test("the declaration of everything leaves out no key", () => {
  const everything: unknown = parse(read("vectors/declaration/everything.yaml"));
  const used = new Set<string>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, path);
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        used.add(`${path}.${key}`);
        visit(inner, `${path}.${key}`);
        visit(inner, path); // keys of a record are no part of the schema's paths
      }
    }
  };
  visit(everything, "");
  expect(
    properties(schema, "")
      .map(([path]) => path)
      .filter((path) => !used.has(path)),
  ).toEqual([]);
});
