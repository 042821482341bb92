import { Problem, type ProblemCode, quoted } from "../../base/index.ts";
import type { Graph, Node, PortType, Program, Specialised } from "../program.ts";
import { visitIf } from "./branches.ts";
import { ShapeError } from "./call.ts";
import { visitLoop } from "./loop.ts";
import { visitScan } from "./scan.ts";
import { closed, namesIn, type Scope, scopeIn, setConstant, visit, walkOf } from "./scope.ts";

export interface SpecialiseOptions {
  /** No value of the program may take more bytes. */
  readonly mostBytes?: number;
}

const holders = { If: visitIf, Loop: visitLoop, Scan: visitScan };

/**
 * The program for inputs of these shapes (row-major dimensions per input; those that the file fixes may be left out). `known` holds every tensor of
 * the outermost graph but those whose shape only a run gives, which no output's shape may depend on. What follows from shapes and constants alone is folded, if it takes no more than 8 MiB; branches whose condition is known
 * take the place of their If; loops of at most 64 turns whose end is known are unrolled.
 *
 * Throws Problem, which names input or node: MODEL_SHAPE_UNKNOWN (a free dimension without a shape, a shape that only a run gives, an operator
 * of which nothing is known), MODEL_SHAPE_MISMATCH, MODEL_VALUE_TOO_LARGE (8 GiB unless told otherwise).
 */
export function specialise(
  program: Program,
  inputs: Readonly<Record<string, readonly number[]>>,
  { mostBytes = 8 * 2 ** 30 }: SpecialiseOptions = {},
): Specialised {
  const { graph, file } = program;
  const scope = scopeIn(walkOf(new Set(namesIn(graph)), mostBytes, holders));
  for (const port of graph.inputs) bindInput(scope, port, inputs, file);
  const stray = Object.keys(inputs).find((name) => !graph.inputs.some((port) => port.name === name));
  if (stray !== undefined)
    throw inputProblem("MODEL_SHAPE_MISMATCH", stray, "a shape is given for an input that the model does not have", file);
  for (const [name, constant] of graph.constants) setConstant(scope, name, constant);
  visitAll(scope, graph, file);
  return { ...program, graph: closed(scope, graph), known: scope.known };
}

function bindInput(
  scope: Scope,
  { name, element, dims: told }: PortType,
  given: Readonly<Record<string, readonly number[]>>,
  file: string,
) {
  if (element === null) return;
  const dims = Object.hasOwn(given, name) ? given[name] : told;
  if (dims == null || !dims.every((size) => typeof size === "number"))
    throw inputProblem("MODEL_SHAPE_UNKNOWN", name, "the file leaves its shape open, and none is given", file);
  const fits = told === null || (told.length === dims.length && told.every((size, at) => typeof size !== "number" || size === dims[at]));
  if (!fits || dims.some((size) => !(Number.isSafeInteger(size) && size >= 0)))
    throw inputProblem(
      "MODEL_SHAPE_MISMATCH",
      name,
      `the file says [${told?.map((size) => size ?? "?") ?? "any"}], and [${dims}] is given`,
      file,
    );
  scope.known.set(name, { element, dims });
}

function visitAll(scope: Scope, { nodes, outputs }: Graph, file: string) {
  try {
    for (const node of nodes) visit(scope, node);
    for (const { name, element } of outputs) {
      const reason = scope.walk.reasons.get(name);
      if (element !== null && reason !== undefined && !scope.known.has(name)) throw reason;
    }
  } catch (error) {
    throw error instanceof ShapeError ? problemOf(error, file) : error;
  }
}

const inputProblem = (code: ProblemCode, name: string, what: string, file: string) =>
  new Problem(code, what, {
    file,
    at: `input ${quoted(name)}`,
    remedy: "Give the shapes that the model is to be run with, one for each of its inputs.",
  });

const kinds: Readonly<Record<ShapeError["kind"], readonly [code: ProblemCode, remedy: string]>> = {
  mismatch: ["MODEL_SHAPE_MISMATCH", "Give inputs of the shapes that the model was made for, or export it again."],
  unknown: ["MODEL_SHAPE_UNKNOWN", "Export the model with fixed shapes and standard operators, or cut off the part that needs this node."],
  large: ["MODEL_VALUE_TOO_LARGE", "Give smaller inputs, or a smaller batch."],
};

const nodeText = ({ name, op, outputs }: Node) => `node ${quoted(name || outputs[0] || "")} (${quoted(op, 40).slice(1, -1)})`;

function problemOf({ kind, node, message }: ShapeError, file: string): Problem {
  const [code, remedy] = kinds[kind];
  return new Problem(code, message, { file, at: nodeText(node), remedy });
}
