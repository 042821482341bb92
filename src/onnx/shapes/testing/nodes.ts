import { node } from "../../attributes.ts";
import type { Constant, Node } from "../../program.ts";
import { type Held, hold } from "./against.ts";
import { port, programOf } from "./programs.ts";

/** A node by itself; null where an input is left out. */
export interface Lone {
  readonly of: Node;
  readonly inputs: readonly (Constant | null)[];
}

export const lone = (
  op: string,
  inputs: Lone["inputs"],
  attributes: Parameters<typeof node>[3] = {},
  { outputs = 1, domain = "" }: { readonly outputs?: number; readonly domain?: string } = {},
): Lone => ({ of: node(op, [], new Array<string>(outputs).fill("y"), attributes, { domain }), inputs });

/** All of them in one program, their inputs constants: what is inferred and folded is what onnxruntime gives. */
export function holdNodes(lones: readonly Lone[]): Promise<Held> {
  const constants: Record<string, Constant> = {};
  const nodes = lones.map(({ of, inputs }, index) => {
    const names = inputs.map((input, at) => {
      if (input === null) return "";
      constants[`x${index}.${at}`] = input;
      return `x${index}.${at}`;
    });
    return { ...of, inputs: names, outputs: of.outputs.map((_, at) => `y${index}.${at}.${of.op}`) };
  });
  const outputs = nodes.flatMap((each) => each.outputs.map((name) => port(name)));
  return hold(programOf(nodes, { constants, outputs }), {});
}
