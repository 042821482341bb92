import { tensorAt } from "../../graph.ts";
import { liftProgram } from "../../lift/index.ts";
import type { Constant, Program } from "../../program.ts";
import { parseModel } from "../../read.ts";
import { readProgram } from "../../read-program.ts";
import { constantAt } from "../../read-tensor.ts";
import { attempted, type Held, hold, inferred, text } from "./against.ts";

/** One of the standard's node tests: a model, its inputs and the right outputs as bytes of protobuf. */
export interface NodeTest {
  readonly model: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** Which inputs become constants: none of them, all but the first (shapes, axes and the like), or every one. */
export type Baked = "none" | "rest" | "all";

/** The tensor of a .pb file. */
const tensorOf = (bytes: Uint8Array): Constant => constantAt(bytes, tensorAt(bytes, 0, bytes.length), undefined);

/** Lifts the model, and holds what is inferred of it against the standard's outputs and against onnxruntime. */
export async function holdNodeTest({ model, inputs, outputs }: NodeTest, baked: Baked): Promise<Held> {
  const lifted = liftProgram(await readProgram(parseModel(model, "model.onnx")));
  if (lifted.graph.inputs.some(({ element }) => element === null)) return { kind: "unknown", why: "an input is no tensor" };
  const feeds = Object.fromEntries(lifted.graph.inputs.map(({ name }, at) => [name, tensorOf(inputs[at] ?? new Uint8Array())]));
  const { program, left } = bake(lifted, feeds, baked);
  const special = inferred(program, left);
  if (typeof special === "string") return { kind: "unknown", why: special };
  const wrong = program.graph.outputs.flatMap(({ name, element }, at) => {
    const [right, known] = [element === null ? undefined : outputs[at] && tensorOf(outputs[at]), special.known.get(name)];
    return right && known && text(known) !== text(right) ? [`${name} is ${text(right)}, inferred as ${text(known)}`] : [];
  });
  if (wrong.length > 0) return { kind: "wrong", wrong };
  const held = await attempted(() => hold(program, left));
  return typeof held === "string" ? { kind: "unseen", why: held } : held;
}

function bake(program: Program, feeds: Readonly<Record<string, Constant>>, baked: Baked) {
  const { graph } = program;
  const count = { none: graph.inputs.length, rest: 1, all: 0 }[baked];
  const [open, fixed] = [graph.inputs.slice(0, count), graph.inputs.slice(count)];
  const constants = new Map([...graph.constants, ...fixed.map(({ name }) => [name, feeds[name]!] as const)]);
  const left = Object.fromEntries(open.map(({ name }) => [name, feeds[name]!]));
  return { program: { ...program, graph: { ...graph, inputs: open, constants } }, left };
}
