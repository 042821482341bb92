import { Problem, quoted } from "../../../base/index.ts";
import { type Constant, floatsOf, intOf, intsOf, type Node, type Program, tensorOf, textOf, textsOf } from "../../../onnx/index.ts";
import { aggregates, type Binary, type Ensemble, type Mode, modes, transforms } from "./ensemble.ts";

const operators = ["TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble"];

/** The nodes of trees of a program, in their order. */
export const treeNodesOf = ({ graph }: Program): readonly Node[] =>
  graph.nodes.filter(({ op, domain }) => domain === "ai.onnx.ml" && operators.includes(op));

/** The trees of such a node, checked: every child is there, and none is met twice. Throws MODEL_INVALID. */
export function readEnsemble(node: Node, file: string): Ensemble {
  const made = node.op === "TreeEnsemble" ? newest(node, file) : keyed(node, file);
  checkTrees(made, node, file);
  return made;
}

const broken = (what: string, node: Node, file: string) =>
  new Problem("MODEL_INVALID", `${node.op} ${quoted(node.name)}: ${what}`, { file, remedy: "Export the model again." });

const numbersOf = ({ values }: Constant): Float64Array => Float64Array.from(values as ArrayLike<number>);

/** A list of numbers under one of its names: as floats, or as a tensor of float32 or float64. */
function listOf(node: Node, name: string): { readonly values: Float64Array; readonly isFloat64: boolean } {
  const tensor = tensorOf(node, `${name}_as_tensor`);
  if (tensor !== undefined) return { values: numbersOf(tensor), isFloat64: tensor.element === "float64" };
  return { values: Float64Array.from(floatsOf(node, name) ?? []), isFloat64: false };
}

/** Versions 1 and 3: nodes and leaves are known by the numbers of their tree and node. */
function keyed(node: Node, file: string): Ensemble {
  const ints = (name: string) => Int32Array.from(intsOf(node, name) ?? []);
  const isClassifier = node.op === "TreeEnsembleClassifier";
  const part = isClassifier ? "class" : "target";
  const trees = ints("nodes_treeids");
  const ids = ints("nodes_nodeids");
  const kinds = textsOf(node, "nodes_modes") ?? [];
  const [yesIds, noIds] = [ints("nodes_truenodeids"), ints("nodes_falsenodeids")];
  const places = new Map(Array.from(trees, (tree, at) => [`${tree}/${ids[at]}`, at]));
  const given = { trees: ints(`${part}_treeids`), nodes: ints(`${part}_nodeids`), ids: ints(`${part}_ids`) };
  const weights = listOf(node, `${part}_weights`);
  const own = new Map<number, number[]>();
  given.ids.forEach((_, at) => {
    const place = places.get(`${given.trees[at]}/${given.nodes[at]}`);
    if (place === undefined) throw broken(`weight ${at} belongs to no leaf`, node, file);
    const listed = own.get(place);
    if (listed === undefined) own.set(place, [at]);
    else listed.push(at);
  });
  const leaves = Array.from(trees.keys()).filter((at) => kinds[at] === "LEAF");
  const leafAt = new Map(leaves.map((at, leaf) => [at, leaf]));
  const ends = leaves.map((at) => own.get(at) ?? []);
  const placeOf = (tree: number, id: number) => {
    const place = places.get(`${tree}/${id}`);
    if (place === undefined) throw broken(`tree ${tree} has no node ${id}`, node, file);
    const leaf = leafAt.get(place);
    return leaf === undefined ? place : ~leaf;
  };
  const isLeaf = (at: number) => leafAt.has(at);
  const child = (list: Int32Array) => Int32Array.from(trees, (tree, at) => (isLeaf(at) ? 0 : placeOf(tree, list[at] ?? -1)));
  const firsts = new Map<number, number>();
  for (const [at, tree] of trees.entries()) if (!firsts.has(tree)) firsts.set(tree, ids[at]!);
  const roots = Array.from(firsts, ([tree, id]) => placeOf(tree, id));
  const splits = listOf(node, "nodes_values");
  const labels = (textsOf(node, "classlabels_strings") ?? intsOf(node, "classlabels_int64s") ?? []).length;
  const outputs = isClassifier ? labels : intOf(node, "n_targets", 1);
  const order = ends.flat();
  const binary = isClassifier && outputs === 2 ? binaryOf(new Set(given.ids), weights.values) : null;
  const missing = ints("nodes_missing_value_tracks_true");
  const bases = listOf(node, "base_values").values;
  const isOdd = binary?.isSingle === true && bases.length === 2;
  const isFloat64 = weights.isFloat64 || splits.isFloat64;
  return {
    ...tested(ints("nodes_featureids"), (at) => !isLeaf(at)),
    outputs,
    roots: Int32Array.from(roots),
    modes: Array.from(trees, (_, at) => modeOf(isLeaf(at) ? "BRANCH_LEQ" : kinds[at], node, file)),
    splits: splits.values,
    members: new Map(),
    yes: child(yesIds),
    no: child(noIds),
    missing: Uint8Array.from(trees, (_, at) => Number(missing[at] === 1)),
    from: ends.reduce((from, of, leaf) => from.fill(from[leaf]! + of.length, leaf + 1, leaf + 2), new Int32Array(ends.length + 1)),
    targets: Int32Array.from(order, (at) => given.ids[at]!),
    weights: Float64Array.from(order, (at) => weights.values[at] ?? 0),
    // Two bases for one sum: onnxruntime takes the first, and leaves the second class at 0.
    bases: isOdd ? Float64Array.of(bases[0]!, 0) : bases,
    aggregate: one(aggregates, textOf(node, "aggregate_function", "SUM"), node, file),
    transform: one(transforms, textOf(node, "post_transform", "NONE"), node, file),
    binary: isOdd ? { ...binary, isSingle: false } : binary,
    isFloat32: !isFloat64,
  };
}

function binaryOf(named: ReadonlySet<number>, weights: Float64Array): Binary {
  const isOfOne = named.size === 1;
  return {
    of: named.has(1) ? 1 : 0,
    limit: isOfOne && weights.every((weight) => weight >= 0) ? 0.5 : 0,
    isSingle: isOfOne && named.has(0),
  };
}

/** Version 5: everything lies by its place already. */
function newest(node: Node, file: string): Ensemble {
  const ints = (name: string) => Int32Array.from(intsOf(node, name) ?? []);
  const tensor = (name: string) => tensorOf(node, name);
  const splits = tensor("nodes_splits");
  const weights = tensor("leaf_weights");
  if (splits === undefined || weights === undefined) throw broken("splits or weights are missing", node, file);
  const child = (name: string, leaf: string) => {
    const isLeaf = ints(leaf);
    return ints(name).map((to, at) => (isLeaf[at] === 1 ? ~to : to));
  };
  const codes = tensor("nodes_modes");
  const kinds = codes === undefined ? [] : Array.from(numbersOf(codes), (code) => modeOf(modes[code], node, file));
  const missing = ints("nodes_missing_value_tracks_true");
  const values = numbersOf(weights);
  return {
    ...tested(ints("nodes_featureids"), () => true),
    outputs: intOf(node, "n_targets", 1),
    roots: ints("tree_roots"),
    modes: kinds,
    splits: numbersOf(splits),
    members: membersOf(kinds, tensor("membership_values")),
    yes: child("nodes_truenodeids", "nodes_trueleafs"),
    no: child("nodes_falsenodeids", "nodes_falseleafs"),
    missing: Uint8Array.from(kinds, (_, at) => Number(missing[at] === 1)),
    from: Int32Array.from({ length: values.length + 1 }, (_, at) => at),
    targets: ints("leaf_targetids"),
    weights: values,
    bases: new Float64Array(),
    aggregate: aggregates[intOf(node, "aggregate_function", 1)] ?? "SUM",
    transform: transforms[intOf(node, "post_transform", 0)] ?? "NONE",
    binary: null,
    isFloat32: weights.element !== "float64",
  };
}

/** Sets of values, in the order of the nodes that ask for membership, each ended by NaN. */
function membersOf(kinds: readonly Mode[], values: Constant | undefined): ReadonlyMap<number, Float64Array> {
  const sets: number[][] = [[]];
  for (const value of values === undefined ? [] : numbersOf(values)) {
    if (Number.isNaN(value)) sets.push([]);
    else sets.at(-1)?.push(value);
  }
  const asking = kinds.flatMap((kind, at) => (kind === "BRANCH_MEMBER" ? [at] : []));
  return new Map(asking.map((at, place) => [at, Float64Array.from(sets[place] ?? [])]));
}

function tested(features: Int32Array, isAsked: (at: number) => boolean): Pick<Ensemble, "features" | "width"> {
  const asked = features.filter((_, at) => isAsked(at));
  return { features, width: asked.reduce((most, each) => Math.max(most, each + 1), 0) };
}

const modeOf = (name: string | undefined, node: Node, file: string): Mode => one(modes, name ?? "", node, file);

function one<T extends string>(known: readonly T[], name: string, node: Node, file: string): T {
  const found = known.find((each) => each === name);
  if (found === undefined) throw broken(`${quoted(name, 40)} is no way of branching, summing or ending that is known`, node, file);
  return found;
}

/** Each node and each leaf is met once from the roots, so that walking down ends. A node both of whose ways lead to one leaf stands for that leaf. */
function checkTrees({ roots, yes, no, from, features, splits, modes: kinds, targets, outputs }: Ensemble, node: Node, file: string): void {
  const count = features.length;
  if (yes.length !== count || no.length !== count || splits.length !== count || kinds.length !== count)
    throw broken("its lists of nodes are not of one length", node, file);
  if (features.some((feature) => feature < 0)) throw broken("a node asks about no feature", node, file);
  if (targets.some((target) => target < 0 || target >= outputs)) throw broken("a leaf speaks of no output", node, file);
  const seen = new Uint8Array(count);
  const open = [...roots];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at < 0 ? ~at >= from.length - 1 : at >= count) throw broken("a node leads to none", node, file);
    if (at < 0) continue;
    if (seen[at] === 1) throw broken("a node is met twice: these are no trees", node, file);
    seen[at] = 1;
    open.push(yes[at]!, no[at]!);
  }
}
