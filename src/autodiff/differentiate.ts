import { Problem, quoted } from "../base/index.ts";
import type { Program, Specialised } from "../onnx/index.ts";
import { Draft } from "./draft.ts";
import { mathsOf } from "./maths.ts";
import { isReal } from "./numbers.ts";
import { all, backpropagate, type StraightThrough } from "./reverse.ts";

/** What to differentiate, and by what. */
export interface Differentiation extends StraightThrough {
  /** A value of real numbers: an output, or one in between. */
  readonly of: string;
  /** Inputs, weights or values in between, of real numbers. */
  readonly wrt: readonly string[];
  /** The name of an input to add, of the shape of `of`, that weighs its numbers; left out: all count once, so that their sum is differentiated. */
  readonly seed?: string;
  /** Into how many parts the way there is cut, of which all but the last are computed once more on the way back; left out: 1. */
  readonly segments?: number;
}

/** How the gradient by a value is named among the outputs. */
export const gradientName = (of: string): string => `gradient/${of}`;

/**
 * The program with the outputs `of` and, for each of `wrt`, `gradient/<name>`: the gradient of sum(of * seed), of the shape of what it is by.
 * Throws Problems: GRADIENT_INPUT for a name that is none, GRADIENT_MISSING, GRADIENT_BLOCKED.
 */
export function differentiate(program: Specialised, { of, wrt, seed, ...straight }: Differentiation): Specialised {
  for (const name of [of, ...wrt]) checkReal(program, name);
  const draft = new Draft(program);
  const weights = seed === undefined ? ones(draft, of) : draft.input(seed, draft.known(of));
  const gradients = all(backpropagate(draft, { of, wrt, seed: weights, file: program.file, ...straight }));
  return draft.finish(new Map([[of, of], ...wrt.map((name, at) => [gradientName(name), gradients[at] ?? ""] as const)]));
}

/** Ones of the shape of a value. */
export function ones(draft: Draft, like: string): string {
  return mathsOf(draft).expand(draft.scalar(1, like), draft.known(like).dims);
}

/** Throws GRADIENT_INPUT unless the name is a value of real numbers. */
export function checkReal(program: Specialised, name: string): void {
  const facts = program.known.get(name);
  if (facts === undefined) throw noInput(name, program);
  if (!isReal(facts.element))
    throw noInput(name, program, `${quoted(name)} holds ${facts.element}, by which nothing can be differentiated`);
}

/** GRADIENT_INPUT, with the inputs that could be meant. */
export function noInput(name: string, { graph, file }: Program, what = `the model has no value ${quoted(name)}`): Problem {
  const names = graph.inputs.filter(({ element }) => element !== null && isReal(element)).map((input) => quoted(input.name));
  const remedy = `Name an input of real numbers (${names.join(", ") || "this model has none"}) or a weight.`;
  return new Problem("GRADIENT_INPUT", what, { file, remedy });
}
