import { node } from "../attributes.ts";
import { freshName } from "../inline.ts";
import type { Attribute, Graph, Node } from "../program.ts";
import { type Scope, setConstant, visit } from "./scope.ts";

type Rename = (name: string) => string;

/** The names that a graph makes itself. */
const own = ({ inputs, constants, nodes }: Graph): ReadonlySet<string> =>
  new Set([...inputs.map(({ name }) => name), ...constants.keys(), ...nodes.flatMap(({ outputs }) => outputs)]);

function renamedNode(of: Node, rename: Rename): Node {
  const attributes = new Map([...of.attributes].map(([name, attribute]) => [name, renamedAttribute(attribute, rename)] as const));
  return { ...of, inputs: of.inputs.map(rename), outputs: of.outputs.map(rename), attributes };
}

const renamedAttribute = (attribute: Attribute, rename: Rename): Attribute =>
  attribute.kind === "graph" ? { kind: "graph", value: renamedInner(attribute.value, rename) } : attribute;

/** What it takes from around it is renamed; what it makes itself keeps its name. */
function renamedInner(graph: Graph, rename: Rename): Graph {
  const made = own(graph);
  const outer: Rename = (name) => (made.has(name) ? name : rename(name));
  return {
    ...graph,
    nodes: graph.nodes.map((each) => renamedNode(each, outer)),
    outputs: graph.outputs.map((port) => ({ ...port, name: outer(port.name) })),
  };
}

/**
 * Visits a graph's nodes as part of the scope: its inputs are the values named in `inputs`, everything else that it makes gets a fresh name.
 * Gives the names of its outputs.
 */
export function inline(scope: Scope, graph: Graph, inputs: readonly string[], hint: string): readonly string[] {
  const names = new Map(graph.inputs.map(({ name }, at) => [name, inputs[at] ?? ""]));
  for (const name of own(graph)) if (name !== "" && !names.has(name)) names.set(name, freshName(scope.walk.taken, `${hint}/${name}`));
  const rename: Rename = (name) => names.get(name) ?? name;
  for (const [name, constant] of graph.constants) setConstant(scope, rename(name), constant);
  for (const each of graph.nodes) {
    const name = each.name && freshName(scope.walk.taken, `${hint}/${each.name}`);
    visit(scope, { ...renamedNode(each, rename), name });
  }
  return graph.outputs.map(({ name }) => rename(name));
}

/** Gives a value a second name. */
export function alias(scope: Scope, from: string, to: string): void {
  if (to !== "") visit(scope, node("Identity", [from], [to]));
}
