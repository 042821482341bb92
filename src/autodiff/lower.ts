import { type Node, node as nodeOf, type Specialised } from "../onnx/index.ts";
import { Draft } from "./draft.ts";
import { attention } from "./lowerings/attention.ts";
import { fourier } from "./lowerings/fourier.ts";
import { grids } from "./lowerings/grids.ts";
import { learned } from "./lowerings/learned.ts";
import type { Lowering } from "./lowerings/lowering.ts";
import { normalised } from "./lowerings/normalised.ts";
import { patterns } from "./lowerings/patterns.ts";
import { placing } from "./lowerings/placing.ts";
import { quantised } from "./lowerings/quantised.ts";
import { recurrent } from "./lowerings/recurrent.ts";
import { rotary } from "./lowerings/rotary.ts";
import { operatorOf } from "./missing.ts";

/** By operator; those of other domains as `domain.operator`. */
export const lowerings: Readonly<Record<string, Lowering>> = {
  ...attention,
  ...fourier,
  ...grids,
  ...learned,
  ...normalised,
  ...patterns,
  ...placing,
  ...recurrent,
  ...rotary,
};

/**
 * The program with the operators that have a lowering written as ordinary ones: their gradients then follow by themselves. Values keep their names, and what they
 * hold; those of quantised operators, where these are asked for, but for the rounding in between.
 */
export function lower(program: Specialised, isQuantisedToo = false): Specialised {
  const { nodes, outputs } = program.graph;
  const table = isQuantisedToo ? { ...lowerings, ...quantised } : lowerings;
  const isKnown = (node: Node) => node.inputs.every((input) => input === "" || program.known.has(input));
  const has = (node: Node) => Object.hasOwn(table, operatorOf(node)) && isKnown(node);
  if (!nodes.some(has)) return program;
  const draft = new Draft({ ...program, graph: { ...program.graph, nodes: [] } });
  for (const node of nodes) {
    const made = has(node) ? (table[operatorOf(node)]?.({ node, build: draft }) ?? null) : null;
    const stays = node.outputs.map((output, at) => (made === null || (made[at] ?? null) === null ? output : ""));
    if (stays.some(Boolean)) draft.append({ ...node, outputs: stays });
    for (const [at, value] of (made ?? []).entries())
      if (value !== null && node.outputs[at]) draft.append(nodeOf("Identity", [value], [node.outputs[at]]));
  }
  return draft.finish(new Map(outputs.map(({ name }) => [name, name])));
}
