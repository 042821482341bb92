import {
  type Attribute,
  type Constant,
  constant,
  type Element,
  node,
  openSession,
  type Program,
  type Specialised,
  specialise,
  writeProgram,
} from "../../onnx/index.ts";

type Written = readonly [
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Readonly<Record<string, Attribute>>,
  domain?: string,
];

/** A small program: inputs by name with element type and shape, constants, nodes in order; the last output of the last node is the program's. */
export function programOf(
  inputs: Readonly<Record<string, readonly [Element, readonly number[]]>>,
  constants: Readonly<Record<string, Constant>>,
  nodes: readonly Written[],
): Specialised {
  const made = nodes.map(([op, from, to, attributes = {}, domain = ""]) => node(op, from, to, attributes, { name: `the ${op}`, domain }));
  const ports = Object.entries(inputs).map(([name, [element, dims]]) => ({ name, element, dims, proto: undefined }));
  const output = made.at(-1)?.outputs.at(-1) ?? "";
  const graph = {
    name: "small",
    nodes: made,
    constants: new Map(Object.entries(constants)),
    inputs: ports,
    outputs: [{ name: output, element: null, dims: null, proto: undefined }],
  };
  const program: Program = {
    file: "small.onnx",
    irVersion: 11,
    opsets: new Map([
      ["", 26],
      ["ai.onnx.ml", 5],
    ]),
    graph,
  };
  return specialise(program, {});
}

export const float32 = (dims: readonly number[], values: readonly number[]): Constant =>
  constant("float32", dims, Float32Array.from(values));

/** Runs a program once; the numbers of each output. */
export async function answers(
  program: Specialised,
  inputs: Readonly<Record<string, Constant>>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const session = await openSession(writeProgram(program), { threads: 1 });
  try {
    const results = Object.entries(await session.run(inputs));
    return Object.fromEntries(results.map(([name, { values }]) => [name, Array.from(values as ArrayLike<number | bigint>, Number)]));
  } finally {
    await session.release();
  }
}
