import { Problem, quoted } from "../../base/index.ts";
import { graphsOf } from "../attributes.ts";
import { freshName } from "../inline.ts";
import { newestOpset } from "../operators.generated.ts";
import { usedBy } from "../order.ts";
import type { Attribute, Constant, Graph, Node, Program } from "../program.ts";
import type { Change, Fact, Row, Site } from "./change.ts";
import { compositions } from "./compositions.ts";
import { factsOf } from "./facts.ts";
import { inputs } from "./inputs.ts";
import { learned } from "./learned.ts";
import { meanings } from "./meanings.ts";
import { old } from "./old.ts";
import { tidy } from "./tidy.ts";

/** The opset of the standard operators that every program is lifted to: the newest that onnxruntime loads. */
export const canonicalOpset = newestOpset[""] ?? 0;

/** That of ai.onnx.ml: the newest with TreeEnsembleClassifier and TreeEnsembleRegressor. A file of a newer one stays what it is. */
export const canonicalLearnedOpset = 4;

/**
 * Operators that the standard extended to more types in opset 22, and onnxruntime did not: it runs them in files of an older opset alone. A program
 * with one of them is written as one of this opset, in which the canonical form means the same.
 */
const notSince22: ReadonlySet<string> = new Set(
  "GlobalLpPool MaxRoiPool Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike RoiAlign".split(" "),
);
const opsetBefore22 = 21;

/** Every change of an operator's form or meaning, per domain. */
export const changes: ReadonlyMap<string, readonly Row[]> = new Map([
  ["", [...old, ...inputs, ...meanings]],
  ["ai.onnx.ml", learned],
]);

const changesOf = new Map([...changes].map(([domain, rows]) => [domain, byOperator(rows)]));

function byOperator(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const inTime = rows.toSorted(([, a], [, b]) => a - b);
  return Map.groupBy(inTime, ([op]) => op);
}

/**
 * The same program in the canonical opset: its answers are those that it gave before. Operators of com.microsoft that are simple compositions
 * become these; others stay. Constant nodes become stored constants; copies and what nothing reads are gone. Throws a Problem for a node that
 * cannot be written so.
 */
export function liftProgram(program: Program): Program {
  const graph = tidy(program.graph);
  const lifting = { program, taken: new Set(allNames(graph)) };
  const learnedOpset = program.opsets.get("ai.onnx.ml");
  const opset = [...opsOf(graph)].some((op) => notSince22.has(op)) ? opsetBefore22 : canonicalOpset;
  const opsets = new Map([...program.opsets, ["", opset] as const]);
  if (learnedOpset !== undefined) opsets.set("ai.onnx.ml", Math.max(learnedOpset, canonicalLearnedOpset));
  return { ...program, opsets, graph: tidy(liftGraph(lifting, graph, undefined)) };
}

function* opsOf(graph: Graph): Generator<string> {
  for (const node of graph.nodes) {
    if (node.domain === "") yield node.op;
    for (const [, inner] of graphsOf(node)) yield* opsOf(inner);
  }
}

interface Lifting {
  readonly program: Program;
  readonly taken: Set<string>;
}

/** A graph that is being lifted, and the ones around it. */
interface Scope {
  readonly around: Scope | undefined;
  readonly facts: Map<string, Fact>;
  readonly constants: Map<string, Constant>;
  readonly used: ReadonlySet<string>;
}

function* allNames(graph: Graph): Generator<string> {
  yield* graph.constants.keys();
  for (const { name } of [...graph.inputs, ...graph.outputs]) yield name;
  for (const node of graph.nodes) {
    yield* node.outputs;
    for (const [, inner] of graphsOf(node)) yield* allNames(inner);
  }
}

function liftGraph(lifting: Lifting, graph: Graph, around: Scope | undefined): Graph {
  const used = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) for (const name of usedBy(node)) used.add(name);
  const scope = { around, used, facts: new Map<string, Fact>(), constants: new Map(graph.constants) };
  for (const [name, { element, dims }] of graph.constants) scope.facts.set(name, { element, rank: dims.length });
  for (const { name, element, dims } of graph.inputs) scope.facts.set(name, { element: element ?? undefined, rank: dims?.length });
  const site = siteOf(lifting, scope);
  const nodes = graph.nodes.flatMap((node) => {
    const made = liftNode(lifting, withLiftedGraphs(lifting, node, scope), site);
    for (const each of made) learn(scope, each);
    return made;
  });
  return { ...graph, nodes, constants: scope.constants };
}

function withLiftedGraphs(lifting: Lifting, node: Node, scope: Scope): Node {
  const attributes = new Map<string, Attribute>(node.attributes);
  for (const [name, inner] of graphsOf(node)) attributes.set(name, { kind: "graph", value: liftGraph(lifting, inner, scope) });
  return { ...node, attributes };
}

function liftNode({ program }: Lifting, { opset, ...node }: Node, site: Site): readonly Node[] {
  const made = changed(node, opset ?? program.opsets.get(node.domain) ?? 1, site);
  return made.flatMap((each) => compositions.get(each.domain)?.get(each.op)?.(each, site) ?? [each]);
}

/** One change after the other, from what the node is of to the newest. */
function changed(node: Node, version: number, site: Site): readonly Node[] {
  const row = changesOf
    .get(node.domain)
    ?.get(node.op)
    ?.find(([, since]) => since > version);
  if (row === undefined) return [node];
  const [, since, change]: readonly [string, number, Change] = row;
  return change(node, site).flatMap((made) => changed(made, since, site));
}

function siteOf(lifting: Lifting, scope: Scope): Site {
  const { taken } = lifting;
  return {
    factOf: (name) => found(scope, (each) => each.facts.get(name)) ?? {},
    constantOf: (name) => found(scope, (each) => each.constants.get(name)),
    isUsed: (name) => name !== undefined && scope.used.has(name),
    fresh: (hint) => freshName(taken, hint),
    store: (constant, hint) => {
      const name = freshName(taken, hint);
      scope.constants.set(name, constant);
      scope.facts.set(name, { element: constant.element, rank: constant.dims.length });
      return name;
    },
    impossible: (node, why) => {
      const what = `${quoted(node.op)} cannot be written for opset ${canonicalOpset}: ${why}`;
      const remedy = "Export the model for a newer opset.";
      return new Problem("MODEL_LIFT_IMPOSSIBLE", what, {
        file: lifting.program.file,
        at: `node ${quoted(node.name || node.outputs[0] || "")}`,
        remedy,
      });
    },
  };
}

function found<T>(scope: Scope, look: (scope: Scope) => T | undefined): T | undefined {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.around) {
    const value = look(each);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** As many axes as no tensor has are no fact, but a file that makes no sense. */
const plausible = (fact: Fact): Fact =>
  fact.rank !== undefined && (fact.rank < 0 || fact.rank > 64) ? { ...fact, rank: undefined } : fact;

function learn(scope: Scope, node: Node) {
  const inputs = node.inputs.map((name) => found(scope, (each) => each.facts.get(name)) ?? {});
  const constants = node.inputs.map((name) => found(scope, (each) => each.constants.get(name)));
  for (const [at, fact] of factsOf(node, inputs, constants).entries())
    if (node.outputs[at]) scope.facts.set(node.outputs[at], plausible(fact));
}
