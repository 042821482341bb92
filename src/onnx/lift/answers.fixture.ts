import { InferenceSession, Tensor } from "onnxruntime-node";
import { zeros } from "../element.ts";
import type { Constant, Element, Graph, Node, PortType, Program } from "../program.ts";
import { writeProgram } from "../write-program.ts";

type Numbered = Exclude<Element, "string" | "opaque">;

/** An input by its element type and shape; float32 where only a shape is given. */
export type Given = readonly number[] | { readonly element: Numbered | "string"; readonly dims: readonly (number | string)[] };

export const port = (name: string, given: Given): PortType => {
  const { element, dims } = "element" in given ? given : { element: "float32" as const, dims: given };
  return { name, element, dims, proto: undefined };
};

/** A program of the standard opset given, whose outputs are those of its last node. */
export function programOf(
  opset: number,
  nodes: readonly Node[],
  inputs: Readonly<Record<string, Given>>,
  constants: Readonly<Record<string, Constant>> = {},
): Program {
  const outputs = (nodes.at(-1)?.outputs ?? []).filter(Boolean).map((name) => ({ name, element: null, dims: null, proto: undefined }));
  const graph: Graph = {
    name: "g",
    nodes,
    constants: new Map(Object.entries(constants)),
    inputs: Object.entries(inputs).map(([name, given]) => port(name, given)),
    outputs,
  };
  const opsets = new Map([
    ["", opset],
    ["ai.onnx.ml", 1],
    ["com.microsoft", 1],
  ]);
  return { file: "m.onnx", irVersion: 8, opsets, graph };
}

/** Uneven numbers of both signs, the same each time. */
export function valuesFor({ element, dims }: PortType): Tensor {
  const shape = (dims ?? []).map((dim) => (typeof dim === "number" ? dim : 3));
  const count = shape.reduce((product, dim) => product * dim, 1);
  const number = (at: number) => Math.sin(at * 12.9898 + 1) * 3;
  if (element === "string")
    return new Tensor(
      "string",
      Array.from({ length: count }, (_, at) => "abc"[at % 3] ?? ""),
      shape,
    );
  const values = zeros(element ?? "float32", count);
  for (let at = 0; at < count; at++) {
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[at] = BigInt(at % 3);
    else values[at] = element === "bool" ? at % 2 : number(at);
  }
  return new Tensor((element ?? "float32") as "float32", values as Float32Array, shape);
}

export interface Answer {
  readonly dims: readonly number[];
  readonly values: readonly unknown[];
}

/** What is another in these answers, beyond rounding: a composition adds up in another order. Null when nothing is. */
export function differenceOf(found: readonly Answer[], expected: readonly Answer[]): string | null {
  for (const [at, { dims, values }] of expected.entries()) {
    if (found[at]?.dims.join() !== dims.join()) return `output ${at} is of shape [${found[at]?.dims}] instead of [${dims}]`;
    const wrong = values.findIndex((value, place) => !isNear(found[at]?.values[place], value));
    if (wrong >= 0) return `output ${at}: ${String(found[at]?.values[wrong])} instead of ${String(values[wrong])}`;
  }
  return null;
}

function isNear(a: unknown, b: unknown): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 2e-6 * (1 + Math.abs(b));
}

/** What onnxruntime answers for these inputs; each output as its shape and values. */
export async function answersOf(program: Program, given?: Readonly<Record<string, Tensor>>): Promise<readonly Answer[]> {
  const session = await InferenceSession.create(writeProgram(program), {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    graphOptimizationLevel: "disabled",
  });
  try {
    const feeds = given ?? Object.fromEntries(program.graph.inputs.map((input) => [input.name, valuesFor(input)]));
    const answers = await session.run(feeds);
    return program.graph.outputs.map(({ name }) => {
      const { dims = [], data = [] } = answers[name] ?? {};
      return { dims, values: Array.from(data as ArrayLike<unknown>) };
    });
  } finally {
    await session.release();
  }
}
