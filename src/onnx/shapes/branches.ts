import { graphOf } from "../attributes.ts";
import type { Graph, Known, Node } from "../program.ts";
import { input, known, mismatch, number, unknown } from "./call.ts";
import { sameDims } from "./dims.ts";
import { alias, inline } from "./inlined.ts";
import { closed, inputsOf, keep, knownOf, reasonOf, type Scope, scopeIn, setConstant, visit } from "./scope.ts";

/** A graph inside a node, rebuilt, and what is known of its outputs. */
export interface Body {
  readonly graph: Graph;
  readonly outputs: readonly Known[];
}

export function graphNamed(node: Node, name: string): Graph {
  const found = graphOf(node, name);
  if (found === undefined) mismatch({ node, inputs: [] }, `it has no graph ${name}`);
  return found;
}

/** Rebuilds a graph inside a node, given what is known of its inputs. */
export function bodyOf(scope: Scope, node: Node, graph: Graph, inputs: readonly Known[]): Body {
  const inner = scopeIn(scope.walk, scope);
  for (const [at, { name }] of graph.inputs.entries()) {
    const given = inputs[at];
    if (given === undefined) mismatch({ node, inputs: [] }, "its graph takes more inputs than it is given");
    inner.known.set(name, given);
  }
  for (const [name, constant] of graph.constants) setConstant(inner, name, constant);
  for (const each of graph.nodes) visit(inner, each);
  const outputs = graph.outputs.map(({ name }) => {
    const found = knownOf(inner, name);
    if (found === undefined) throw reasonOf(inner, name, node);
    return found;
  });
  return { graph: closed(inner, graph), outputs };
}

export const withGraphs = (node: Node, graphs: Readonly<Record<string, Graph>>): Node => ({
  ...node,
  attributes: new Map([...node.attributes, ...Object.entries(graphs).map(([name, value]) => [name, { kind: "graph", value }] as const)]),
});

/** A condition that is known picks its branch, which becomes part of the graph around it; otherwise both must give the same shapes. */
export function visitIf(scope: Scope, node: Node): void {
  const call = { node, inputs: inputsOf(scope, node) };
  const [first, second] = [graphNamed(node, "then_branch"), graphNamed(node, "else_branch")];
  if (input(call, 0).constant !== undefined) {
    const made = inline(scope, number(call, 0) === 0 ? second : first, [], node.name || node.outputs[0] || "If");
    for (const [at, name] of node.outputs.entries()) alias(scope, made[at] ?? "", name);
    return;
  }
  const [then, otherwise] = [bodyOf(scope, node, first, []), bodyOf(scope, node, second, [])];
  const outputs = then.outputs.map(({ element, dims }, at) => {
    const other = otherwise.outputs[at];
    if (other === undefined || other.element !== element) mismatch(call, "its branches give different types");
    if (!sameDims(other.dims, dims))
      unknown(call, `its branches give [${dims}] and [${other.dims}], and which is taken is known in a run alone`);
    return known(element, dims);
  });
  keep(scope, withGraphs(node, { then_branch: then.graph, else_branch: otherwise.graph }), outputs);
}
