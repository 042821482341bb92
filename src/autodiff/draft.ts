import {
  type Attribute,
  type Constant,
  constant,
  type Element,
  inferNode,
  int,
  int64s,
  ints,
  type Known,
  type Node,
  node,
  type PortType,
  type Specialised,
  text,
  tidy,
} from "../onnx/index.ts";
import { full, narrowed, typeOfArray } from "./numbers.ts";
import type { Attributes, Builder, Value } from "./pullback.ts";
import { simplified } from "./simplify.ts";

type Inputs = readonly (Value | null)[];

/** A graph that grows, starting from a program whose shapes are known; the program is left as it is. The same node or constant twice is one. */
export class Draft implements Builder {
  /** Those there were and those added, each after the makers of its inputs. */
  readonly nodes: Node[];
  readonly #program: Specialised;
  readonly #inputs: PortType[];
  readonly #known: Map<Value, Known>;
  readonly #constants: Map<Value, Constant>;
  readonly #makers = new Map<Value, Node>();
  readonly #seen = new Map<string, readonly Value[]>();
  readonly #stored = new Map<string, Value>();
  readonly #added = new Set<Value>();
  #count = 0;

  constructor(program: Specialised) {
    this.#program = program;
    this.nodes = [...program.graph.nodes];
    this.#inputs = [...program.graph.inputs];
    this.#known = new Map(program.known);
    this.#constants = new Map(program.graph.constants);
    for (const [name, value] of this.#constants) this.#known.set(name, knownOf(value));
    for (const each of this.nodes) this.#note(each);
  }

  add(op: string, inputs: Inputs, attributes: Attributes = {}, domain = ""): Value {
    const simple = domain === "" ? simplified(this, { op, inputs, attributes }) : null;
    return simple ?? first(this.addMany(op, inputs, 1, attributes, domain));
  }

  addMany(op: string, inputs: Inputs, outputs: number, attributes: Attributes = {}, domain = ""): readonly Value[] {
    const plain = node(op, inputs.map((value) => value ?? ""), [], attributesOf(attributes), { domain }); // biome-ignore format: one node
    const key = keyOf(plain);
    const before = this.#seen.get(key);
    if (before !== undefined && before.length >= outputs && !before.slice(0, outputs).includes("")) return before.slice(0, outputs);
    const made = { ...plain, outputs: Array.from({ length: outputs }, () => this.#fresh()) };
    const facts = inferNode(made, plain.inputs.map((value) => (value === "" ? undefined : this.known(value)))); // biome-ignore format: one call
    for (const [at, output] of made.outputs.entries()) this.#known.set(output, facts[at] ?? unreachable(made));
    this.nodes.push(made);
    this.#note(made);
    return made.outputs;
  }

  constant(values: Parameters<Builder["constant"]>[0], dims: readonly number[], like: Element = typeOfArray(values)): Value {
    return this.#store(constant(like as "float32", dims, narrowed(values, like)));
  }

  scalar(value: number, like: Value): Value {
    return this.#store(full(this.known(like).element, [], value));
  }

  ints(...values: readonly number[]): Value {
    return this.#store(int64s(values));
  }

  known(value: Value): Known {
    return this.#known.get(value) ?? unknown(value);
  }

  /** Whether a value is there, and its shape known. */
  has(value: Value): boolean {
    return this.#known.has(value);
  }

  maker(value: Value): Node | undefined {
    return this.#makers.get(value);
  }

  /** A further input of the graph. */
  input(name: string, { element, dims }: Known): Value {
    if (this.#known.has(name)) throw new Error(`the graph has a value ${name} already`);
    this.#known.set(name, { element, dims });
    this.#inputs.push({ name, element, dims, proto: undefined });
    return name;
  }

  /** A node as it stands, of which the outputs' shapes are known already. */
  append(node: Node): void {
    this.nodes.push(node);
    this.#note(node);
  }

  /** A node that is there, once more, of other inputs of the same types and shapes; its outputs' names then. */
  again(node: Node, inputs: readonly Value[]): readonly Value[] {
    const outputs = node.outputs.map((output) => (output === "" ? "" : this.#fresh()));
    for (const [at, output] of outputs.entries()) if (output !== "") this.#known.set(output, this.known(node.outputs[at] ?? ""));
    this.append({ ...node, inputs, outputs });
    return outputs;
  }

  /** The program with these outputs (a name, and the value that it gives) and nothing that they do not need; inputs all stay. */
  finish(outputs: ReadonlyMap<string, Value>): Specialised {
    const { names, copies } = this.#naming(outputs);
    const rename = (value: Value) => names.get(value) ?? value;
    const nodes = [...this.nodes.map((each) => renamed(each, rename)), ...copies];
    const known = new Map([...this.#known].map(([value, facts]) => [rename(value), facts]));
    for (const [name, value] of outputs) known.set(name, this.known(value));
    const ports = [...outputs.keys()].map((name): PortType => ({ name, ...shapeOf(known.get(name)), proto: undefined }));
    const graph = tidy({ ...this.#program.graph, nodes, constants: this.#constants, inputs: this.#inputs, outputs: ports });
    const left = new Set([
      ...graph.constants.keys(),
      ...graph.inputs.map(({ name }) => name),
      ...graph.nodes.flatMap((each) => each.outputs),
    ]);
    return { ...this.#program, graph, known: new Map([...known].filter(([name]) => left.has(name))) };
  }

  /** How each output gets its own name: a value that was added is renamed, another is copied. */
  #naming(outputs: ReadonlyMap<string, Value>) {
    const names = new Map<Value, string>();
    const copies: Node[] = [];
    for (const [name, value] of outputs) {
      if (name === value) continue;
      if (this.#known.has(name)) throw new Error(`the graph has a value ${name} already`);
      if (this.#added.has(value) && this.#makers.has(value) && !names.has(value)) names.set(value, name);
      else copies.push(node("Identity", [names.get(value) ?? value], [name]));
    }
    return { names, copies };
  }

  #note(made: Node) {
    for (const output of made.outputs) this.#makers.set(output, made);
    if (isRepeatable(made)) this.#seen.set(keyOf(made), made.outputs);
  }

  #store(value: Constant): Value {
    const key = value.values.length <= mostCompared ? `${value.type} ${value.dims} ${value.values}` : null;
    const before = key === null ? undefined : this.#stored.get(key);
    if (before !== undefined) return before;
    const name = this.#fresh();
    this.#constants.set(name, value);
    this.#known.set(name, knownOf(value));
    if (key !== null) this.#stored.set(key, name);
    return name;
  }

  #fresh(): Value {
    let name = `d${this.#count++}`;
    while (this.#known.has(name)) name = `d${this.#count++}`;
    this.#added.add(name);
    return name;
  }
}

/** Constants of at most so many numbers are compared by what they hold. */
const mostCompared = 1024;

const knownOf = (value: Constant): Known => ({ element: value.element, dims: value.dims, constant: value });
const shapeOf = (facts: Known | undefined) => ({ element: facts?.element ?? null, dims: facts?.dims ?? null });

function unknown(value: Value): never {
  throw new Error(`the graph has no value ${value}`);
}

function unreachable({ op, outputs }: Node): never {
  throw new Error(`${op} has fewer than ${outputs.length} outputs`);
}

function first(values: readonly Value[]): Value {
  const [value] = values;
  return value ?? unknown("");
}

/** Attributes as nodes hold them. */
export function attributesOf(given: Attributes): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: Attributes[string]): Attribute {
  if (typeof value === "number") return int(value);
  if (typeof value === "string") return text(value);
  return "kind" in value ? value : ints(value);
}

function keyOf({ op, domain, inputs, attributes }: Node): string {
  const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([op, domain, inputs, sorted.map(([name, { kind, value }]) => [name, kind, String(value)])]);
}

/** Whether the same inputs always give the same outputs, and the attributes can be compared. */
export function isRepeatable(node: Node): boolean {
  if (drawsRandom(node)) return false;
  return [...node.attributes.values()].every(({ kind }) => /^(int|float|string)s?$/.test(kind));
}

/** Whether a node draws random numbers, or may. */
export const drawsRandom = ({ op }: Node): boolean => /^(Random|Multinomial$|Bernoulli$|Dropout$)/.test(op);

function renamed(each: Node, rename: (value: Value) => Value): Node {
  return { ...each, inputs: each.inputs.map(rename), outputs: each.outputs.map(rename) };
}
