import { constant } from "../../attributes.ts";
import { zeros } from "../../element.ts";
import type { Constant, Element, Graph, Node, PortType, Program } from "../../program.ts";

export const port = (name: string, element: Element = "float32", dims: PortType["dims"] = null): PortType => ({
  name,
  element,
  dims,
  proto: undefined,
});

interface Parts {
  readonly constants?: Readonly<Record<string, Constant>>;
  readonly inputs?: readonly PortType[];
  readonly outputs: readonly PortType[];
}

export const graphOf = (nodes: readonly Node[], { constants = {}, inputs = [], outputs }: Parts): Graph => ({
  name: "graph",
  nodes,
  constants: new Map(Object.entries(constants)),
  inputs,
  outputs,
});

/** A program of the canonical opset. */
export const programOf = (nodes: readonly Node[], parts: Parts): Program => ({
  file: "made.onnx",
  irVersion: 10,
  opsets: new Map([
    ["", 26],
    ["ai.onnx.ml", 5],
    ["com.microsoft", 1],
  ]),
  graph: graphOf(nodes, parts),
});

export const float32 = (values: readonly number[], dims: readonly number[] = [values.length]): Constant =>
  constant("float32", dims, Float32Array.from(values));

export const bool = (value: boolean): Constant => constant("bool", [], Uint8Array.of(Number(value)));

/** Values for every input that is a tensor: numbers from -1 to 1, or zeros and texts; open dimensions are of size 3. */
export function feedsFor({ graph }: Program): Record<string, Constant> {
  return Object.fromEntries(
    graph.inputs.flatMap(({ name, element, dims: told }) => {
      if (element === null || element === "opaque") return [];
      const dims = (told ?? [3]).map((size) => (typeof size === "number" && size > 0 ? size : 3));
      const count = dims.reduce((product, size) => product * size, 1);
      if (element === "string") return [[name, constant(element, dims, new Array<string>(count).fill("a"))]];
      const values = zeros(element, count);
      if (element === "float32" || element === "float64") for (let at = 0; at < count; at++) values[at] = Math.sin(at * 7.7);
      return [[name, constant(element, dims, values)]];
    }),
  );
}
