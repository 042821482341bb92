import { typeOf } from "./element.ts";
import type { Attribute, Constant, Element, Graph, Node, Values } from "./program.ts";

type ValueOf = { [A in Attribute as A["kind"]]: A["value"] };

function attributeValue<K extends keyof ValueOf>(node: Node, name: string, kind: K): ValueOf[K] | undefined {
  const found = node.attributes.get(name);
  return found?.kind === kind ? (found.value as ValueOf[K]) : undefined;
}

/** A whole number of a node; `fallback` where it has none of that name and kind. Beyond 2^53 it is rounded: bounds such as ends of slices are so written. */
export function intOf<F = undefined>(node: Node, name: string, fallback?: F): number | F {
  const value = attributeValue(node, name, "int");
  return value === undefined ? (fallback as F) : Number(value);
}

export const intsOf = (node: Node, name: string): readonly number[] | undefined => attributeValue(node, name, "ints")?.map(Number);

export function floatOf<F = undefined>(node: Node, name: string, fallback?: F): number | F {
  return attributeValue(node, name, "float") ?? (fallback as F);
}

export const floatsOf = (node: Node, name: string): readonly number[] | undefined => attributeValue(node, name, "floats");

export function textOf<F = undefined>(node: Node, name: string, fallback?: F): string | F {
  return attributeValue(node, name, "string") ?? (fallback as F);
}

export const textsOf = (node: Node, name: string): readonly string[] | undefined => attributeValue(node, name, "strings");

export const tensorOf = (node: Node, name: string): Constant | undefined => attributeValue(node, name, "tensor");

export const graphOf = (node: Node, name: string): Graph | undefined => attributeValue(node, name, "graph");

/** The graphs inside a node (branches, a loop's body), by the names of its attributes. */
export function graphsOf(node: Node): readonly (readonly [name: string, graph: Graph])[] {
  const found: [string, Graph][] = [];
  for (const [name, attribute] of node.attributes) if (attribute.kind === "graph") found.push([name, attribute.value]);
  return found;
}

export const int = (value: number | bigint): Attribute => ({ kind: "int", value: BigInt(value) });
export const ints = (values: readonly (number | bigint)[]): Attribute => ({ kind: "ints", value: values.map(BigInt) });
/** Rounded to float32, which is what a file holds. */
export const float = (value: number): Attribute => ({ kind: "float", value: Math.fround(value) });
export const floats = (values: readonly number[]): Attribute => ({ kind: "floats", value: values.map(Math.fround) });
export const text = (value: string): Attribute => ({ kind: "string", value });
export const texts = (value: readonly string[]): Attribute => ({ kind: "strings", value });
export const tensor = (value: Constant): Attribute => ({ kind: "tensor", value });
export const graph = (value: Graph): Attribute => ({ kind: "graph", value });

/** A constant of this element type, shape and values, row-major. Throws when their number is another than the shape's. */
export function constant(element: Exclude<Element, "opaque">, dims: readonly number[], values: Values): Constant {
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (values.length !== count) throw new Error(`a constant of shape [${dims}] needs ${count} values; ${values.length} are there`);
  return { element, type: typeOf(element), dims, values };
}

/** A list of int64, such as axes or a shape; without `dims`, a vector. */
export const int64s = (values: readonly (number | bigint)[], dims: readonly number[] = [values.length]): Constant =>
  constant("int64", dims, BigInt64Array.from(values, BigInt));

/** A node of the standard domain unless told otherwise. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute | undefined>> = {},
  { name = "", domain = "" }: { readonly name?: string; readonly domain?: string } = {},
): Node {
  const given = Object.entries(attributes).filter((entry): entry is [string, Attribute] => entry[1] !== undefined);
  return { name, op, domain, inputs, outputs, attributes: new Map(given) };
}
