import {
  type Attribute,
  type Constant,
  constant,
  type Element,
  type Graph,
  graphsOf,
  type Node,
  type PortType,
  type Program,
  typeOf,
  usedBy,
} from "../onnx/index.ts";
import { float32s } from "./feed.ts";

const isNarrow = (element: Element | null) => element === "float16" || element === "bfloat16";
const realTypes: readonly number[] = (["float32", "float64", "float16", "bfloat16"] as const).map(typeOf);
const narrowTypes: readonly number[] = [typeOf("float16"), typeOf("bfloat16")];

/** The attributes in which operators name an element type. */
const typeAttributes = new Set(["to", "dtype", "output_dtype", "stash_type", "softmax_precision"]);

/**
 * The program with float32 wherever it has float16 or bfloat16, its inputs and outputs included: a gradient in half precision vanishes below 6e-8, which would look like
 * robustness. Answers differ from the model's by its own rounding.
 */
export const widened = (program: Program): Program => ({ ...program, graph: widenedGraph(program.graph) });

function widenedGraph(graph: Graph): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map(widenedPort),
    outputs: graph.outputs.map(widenedPort),
    constants: new Map([...graph.constants].map(([name, value]) => [name, widenedConstant(value)])),
    nodes: graph.nodes.map((node) => {
      const attributes = new Map([...node.attributes].map(([name, attribute]) => [name, widenedAttribute(name, attribute)] as const));
      for (const [name, inner] of graphsOf(node)) attributes.set(name, { kind: "graph", value: widenedGraph(inner) });
      return { ...node, attributes };
    }),
  };
}

/**
 * The program with float32 for its inputs of whole numbers that it turns into real ones before anything else, such as pictures of bytes: between whole numbers it answers as
 * it stands there, so that it has a gradient by them.
 */
export function withRealInputs(program: Program): Program {
  const { graph } = program;
  const casts = new Set(graph.nodes.filter(isTurning));
  const inputs = graph.inputs.map((port): PortType => {
    const readers = graph.nodes.filter((node) => usedBy(node).has(port.name));
    const turns = isWhole(port.element) && readers.length > 0 && readers.every((node) => casts.has(node) && node.inputs[0] === port.name);
    return turns ? { ...port, element: "float32", proto: undefined } : port;
  });
  return { ...program, graph: { ...graph, inputs } };
}

const isWhole = (element: Element | null) => element !== null && /^u?int/.test(element);

/** Whether a node takes whole numbers for real ones. */
function isTurning({ domain, op, attributes }: Node): boolean {
  if (domain === "ai.onnx.ml") return /^(Linear(Classifier|Regressor)|Scaler|Normalizer|FeatureVectorizer)$/.test(op);
  const to = attributes.get("to");
  return op === "Cast" && to?.kind === "int" && realTypes.includes(Number(to.value));
}

const widenedPort = (port: PortType): PortType => (isNarrow(port.element) ? { ...port, element: "float32", proto: undefined } : port);

const widenedConstant = (value: Constant): Constant => (isNarrow(value.element) ? constant("float32", value.dims, float32s(value)) : value);

function widenedAttribute(name: string, attribute: Attribute): Attribute {
  if (attribute.kind === "tensor") return { kind: "tensor", value: widenedConstant(attribute.value) };
  const isType = attribute.kind === "int" && typeAttributes.has(name) && narrowTypes.includes(Number(attribute.value));
  return isType ? { kind: "int", value: BigInt(typeOf("float32")) } : attribute;
}
