import type { OnnxGraph, OnnxNode } from "./graph.ts";
import { graphsOf, type OnnxFunction, type ParsedModel } from "./model.ts";
import type { Attribute, Node } from "./program.ts";
import { TooComplex } from "./survey.ts";
import { Malformed } from "./wire.ts";

/** A function at one of the places where it is called: its nodes are read with these names and attributes. */
export interface Call {
  readonly of: OnnxFunction;
  readonly caller: Call | undefined;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly rename: (name: string) => string;
}

/** What inlining has to remember over a whole file. */
export interface Inlining {
  readonly functions: ReadonlyMap<string, OnnxFunction>;
  readonly taken: Set<string>;
  nodes: number;
}

/** Functions that call functions multiply; no model needs more. */
const mostNodes = 200_000;

export function inliningOf({ graph, functions }: ParsedModel): Inlining {
  const taken = new Set<string>();
  for (const each of graphsOf(graph)) for (const name of namesOf(each)) taken.add(name);
  return { functions: new Map(functions.map((made) => [keyOf(made.domain, made.name, made.overload), made])), taken, nodes: 0 };
}

function* namesOf({ nodes, inputs, outputs, initializers }: OnnxGraph): Generator<string> {
  for (const { name } of [...inputs, ...outputs, ...initializers]) yield name;
  for (const node of nodes) {
    yield* node.outputs;
    yield* node.inputs;
  }
}

const keyOf = (domain: string, name: string, overload: string) => JSON.stringify([domain, name, overload]);

export const functionOf = ({ functions }: Inlining, { domain, op, overload }: OnnxNode): OnnxFunction | undefined =>
  functions.get(keyOf(domain, op, overload));

/** The call that this node is. Throws when the function calls itself, or when calls multiply beyond all measure. */
export function callOf(inlining: Inlining, of: OnnxFunction, node: Node, caller: Call | undefined): Call {
  for (let around = caller; around !== undefined; around = around.caller)
    if (around.of === of) throw new Malformed("a function calls itself");
  inlining.nodes += of.nodes.length;
  if (inlining.nodes > mostNodes) throw new TooComplex(`its functions expand to more than ${mostNodes.toLocaleString("en")} nodes`);
  const names = new Map<string, string>();
  for (const [at, name] of of.outputs.entries()) if (node.outputs[at]) names.set(name, node.outputs[at]);
  for (const [at, name] of of.inputs.entries()) names.set(name, node.inputs[at] ?? "");
  const hint = node.name || node.outputs.find(Boolean) || of.name;
  const rename = (name: string) => {
    const known = names.get(name) ?? freshName(inlining.taken, `${hint}/${name}`);
    names.set(name, known);
    return known;
  };
  return { of, caller, attributes: node.attributes, rename };
}

/** Copies of inputs that the function gives back as they are. */
export const passedOn = ({ of }: Call, node: Node): Node[] =>
  of.outputs.flatMap((name, at) => {
    const from = node.inputs[of.inputs.indexOf(name)];
    const to = node.outputs[at];
    return from && to ? [{ name: "", op: "Identity", domain: "", inputs: [from], outputs: [to], attributes: new Map() }] : [];
  });

/** A name that nothing has yet, which is taken from now on. */
export function freshName(taken: Set<string>, hint: string): string {
  let name = hint;
  for (let at = 2; taken.has(name); at++) name = `${hint}_${at}`;
  taken.add(name);
  return name;
}
