import { constant, graphsOf, tensorOf } from "../attributes.ts";
import { usedBy } from "../order.ts";
import type { Attribute, Constant, Graph, Node } from "../program.ts";

/**
 * The graph with its Constant nodes as stored constants, without copies (Identity, Dropout of inference; one that gives an output of the graph
 * stays) and without what nothing reads. The graphs inside it likewise.
 */
export const tidy = (graph: Graph): Graph => tidied(graph, new Map(), new Map());

/** What stands for a name: of this graph and of those around it. */
type Names = ReadonlyMap<string, string>;

function tidied(graph: Graph, around: Names, constantsAround: ReadonlyMap<string, Constant>): Graph {
  const names = new Map(around);
  const constants = new Map(graph.constants);
  const known = new Map([...constantsAround, ...constants]);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const nodes: Node[] = [];
  for (const given of graph.nodes) {
    const node = { ...given, inputs: given.inputs.map((name) => names.get(name) ?? name) };
    const [output = ""] = node.outputs;
    const value = constantOf(node);
    if (value !== undefined) {
      constants.set(output, value);
      known.set(output, value);
    } else if (isCopy(node, known) && !outputs.has(output) && !node.outputs.slice(1).some(Boolean)) names.set(output, node.inputs[0] ?? "");
    else nodes.push({ ...node, attributes: insideOf(node, names, known) });
  }
  return withoutUnread({ ...graph, nodes, constants });
}

function insideOf(node: Node, names: Names, known: ReadonlyMap<string, Constant>): ReadonlyMap<string, Attribute> {
  const attributes = new Map(node.attributes);
  for (const [name, graph] of graphsOf(node)) attributes.set(name, { kind: "graph", value: tidied(graph, names, known) });
  return attributes;
}

const isCopy = (node: Node, known: ReadonlyMap<string, Constant>) =>
  node.domain === "" && (node.op === "Identity" || (node.op === "Dropout" && !trains(node, known)));

function trains({ inputs }: Node, known: ReadonlyMap<string, Constant>): boolean {
  const training = inputs[2];
  if (!training) return false;
  const values = known.get(training)?.values;
  return values === undefined || values[0] !== 0;
}

function constantOf(node: Node): Constant | undefined {
  if (node.op !== "Constant" || node.domain !== "") return undefined;
  const [entry] = node.attributes;
  const attribute = entry?.[1];
  if (attribute?.kind === "tensor") return tensorOf(node, "value");
  if (attribute?.kind === "int") return constant("int64", [], BigInt64Array.of(attribute.value));
  if (attribute?.kind === "ints") return constant("int64", [attribute.value.length], BigInt64Array.from(attribute.value));
  if (attribute?.kind === "float") return constant("float32", [], Float32Array.of(attribute.value));
  if (attribute?.kind === "floats") return constant("float32", [attribute.value.length], Float32Array.from(attribute.value));
  if (attribute?.kind === "string") return constant("string", [], [attribute.value]);
  return attribute?.kind === "strings" ? constant("string", [attribute.value.length], attribute.value) : undefined;
}

function withoutUnread(graph: Graph): Graph {
  const read = new Set(graph.outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => read.has(name))) return false;
    for (const name of usedBy(node)) read.add(name);
    return true;
  });
  const constants = new Map([...graph.constants].filter(([name]) => read.has(name)));
  return { ...graph, nodes: nodes.reverse(), constants };
}
