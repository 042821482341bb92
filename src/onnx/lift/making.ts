import { constant, int64s, node } from "../attributes.ts";
import type { Attribute, Constant, Node } from "../program.ts";
import type { Change, Site } from "./change.ts";

/** The same node with other attributes; null takes one away. */
export function withAttributes(of: Node, changed: Readonly<Record<string, Attribute | null>>): Node {
  const attributes = new Map(of.attributes);
  for (const [name, value] of Object.entries(changed)) {
    if (value === null) attributes.delete(name);
    else attributes.set(name, value);
  }
  return { ...of, attributes };
}

export const without =
  (...names: readonly string[]): Change =>
  (of) => [withAttributes(of, Object.fromEntries(names.map((name) => [name, null])))];

/** An attribute that was left out is written with what it then stood for. */
export const stated =
  (name: string, value: Attribute): Change =>
  (of) => [of.attributes.has(name) ? of : withAttributes(of, { [name]: value })];

/** The same node with this input in this place, those before it that are missing left out. */
export function withInput(of: Node, at: number, name: string): Node {
  const inputs = Array.from({ length: Math.max(of.inputs.length, at + 1) }, (_, place) => (place === at ? name : (of.inputs[place] ?? "")));
  return { ...of, inputs };
}

/** A list of whole numbers as an input. */
export const storeInts = (site: Site, of: Node, name: string, values: readonly (number | bigint)[], dims?: readonly number[]) =>
  site.store(int64s(values, dims), `${hintOf(of)}/${name}`);

export const hintOf = (of: Node) => of.name || of.outputs.find(Boolean) || of.op;

const isFloat = (element: string) => element === "float32" || element === "float64";

/** A scalar of the element type that `like` has: a constant where that is known, else cast when the graph runs. */
export function scalarLike(
  site: Site,
  of: Node,
  like: string,
  value: number,
  name: string,
): { readonly name: string; readonly nodes: readonly Node[] } {
  const { element } = site.factOf(like);
  const hint = `${hintOf(of)}/${name}`;
  if (element !== undefined && isFloat(element))
    return {
      name: site.store(constant(element as "float32", [], element === "float32" ? Float32Array.of(value) : Float64Array.of(value)), hint),
      nodes: [],
    };
  const stored = site.store(constant("float32", [], Float32Array.of(value)), hint);
  const cast = site.fresh(hint);
  return { name: cast, nodes: [node("CastLike", [stored, like], [cast])] };
}

/** The numbers of a constant input, or undefined. */
export function constantNumbers(site: Site, name: string | undefined): readonly number[] | undefined {
  const found = name ? site.constantOf(name) : undefined;
  return found === undefined || found.element === "string" || found.element === "opaque" ? undefined : numbersOf(found);
}

const numbersOf = ({ values }: Constant): readonly number[] => Array.from(values as ArrayLike<number | bigint>, Number);

/** Nodes one after the other, where each but the last needs a name for what it gives. */
export function chain(
  site: Site,
  of: Node,
  first: string,
  steps: readonly ((input: string, output: string) => readonly Node[])[],
): readonly Node[] {
  const nodes: Node[] = [];
  let input = first;
  for (const [at, step] of steps.entries()) {
    const output = at === steps.length - 1 ? (of.outputs[0] ?? "") : site.fresh(`${hintOf(of)}/${at}`);
    nodes.push(...step(input, output));
    input = output;
  }
  return nodes;
}
